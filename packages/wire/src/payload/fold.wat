;; Takes bytes out of the front of a text so that the CRC-64/NVME of what is left, which is 1,497 bytes and more, is that
;; of the whole: bytes are polynomials, and one that the CRC's polynomial divides can be added anywhere. This one has only
;; nine terms, all of them whole bytes apart: 1 + x^(8 e) for e = 154, 498, 547, 568, 950, 1071, 1463, 1497. So what a byte
;; turns into is itself and what the bytes 34, 426, 547, 929, 950, 999, 1343 and 1497 places before it turned into, which
;; takes no table. `npm run generate` makes fold.wasm.ts of this file.
(module
  ;; At its beginning lie 1,504 bytes of 0, which nothing comes before; behind them the text.
  (memory (export "memory") 2 2)

  ;; Writes what the bytes from $at to $end of the text turn into, 16 at a time. $aside: how far behind the text they lie
  ;; themselves, and are written to; what lies in the text is then only what turns them. The offsets are 1,504 less each of the distances.
  (func (export "fold") (param $at i32) (param $end i32) (param $aside i32)
    (loop $blocks
      (if (i32.lt_u (local.get $at) (local.get $end))
        (then
          (v128.store offset=1504 (i32.add (local.get $at) (local.get $aside))
            (v128.xor
              (v128.load offset=1504 (i32.add (local.get $at) (local.get $aside)))
              (v128.xor
                (v128.xor
                  (v128.xor (v128.load offset=7 (local.get $at)) (v128.load offset=161 (local.get $at)))
                  (v128.xor (v128.load offset=505 (local.get $at)) (v128.load offset=554 (local.get $at))))
                (v128.xor
                  (v128.xor (v128.load offset=575 (local.get $at)) (v128.load offset=957 (local.get $at)))
                  (v128.xor (v128.load offset=1078 (local.get $at)) (v128.load offset=1470 (local.get $at)))))))
          (local.set $at (i32.add (local.get $at) (i32.const 16)))
          (br $blocks))))))
