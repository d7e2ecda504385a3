;; MD5 of four texts at once, each in a lane of 32 bits (RFC 1321, section 3.4): one text cannot be done faster, for each step
;; needs the one before. `npm run generate` makes lanes.wasm.ts of this file.
(module
  ;; From 0 on lie a, b, c and d of the four texts, from 64 on the sixteen words of the block that is worked on, each of all
  ;; four; from 512 on, for each of the 64 steps, what it adds and where the word lies that it takes. From 64 KiB on lie the texts, 64 KiB each.
  (memory (export "memory") 5 5)

  ;; Takes $length bytes of each text, which are whole blocks of 64.
  (func (export "take") (param $length i32)
    (local $at i32) (local $from i32) (local $to i32) (local $step i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local $t0 v128) (local $t1 v128) (local $t2 v128) (local $t3 v128)
    (local $low01 v128) (local $high01 v128) (local $low23 v128) (local $high23 v128)
    (local.set $a (v128.load offset=0 (i32.const 0)))
    (local.set $b (v128.load offset=16 (i32.const 0)))
    (local.set $c (v128.load offset=32 (i32.const 0)))
    (local.set $d (v128.load offset=48 (i32.const 0)))
    (loop $blocks
      (if (i32.lt_u (local.get $at) (local.get $length))
        (then
        ;; Four words of each text become four times one word of all texts.
        (local.set $from (local.get $at))
        (local.set $to (i32.const 0))
        (loop $words
          (local.set $t0 (v128.load offset=65536 (local.get $from)))
          (local.set $t1 (v128.load offset=131072 (local.get $from)))
          (local.set $t2 (v128.load offset=196608 (local.get $from)))
          (local.set $t3 (v128.load offset=262144 (local.get $from)))
          (local.set $low01 (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $t0) (local.get $t1)))
          (local.set $high01 (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $t0) (local.get $t1)))
          (local.set $low23 (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $t2) (local.get $t3)))
          (local.set $high23 (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $t2) (local.get $t3)))
          (v128.store offset=64 (local.get $to) (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $low01) (local.get $low23)))
          (v128.store offset=80 (local.get $to) (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $low01) (local.get $low23)))
          (v128.store offset=96 (local.get $to) (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $high01) (local.get $high23)))
          (v128.store offset=112 (local.get $to) (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $high01) (local.get $high23)))
          (local.set $from (i32.add (local.get $from) (i32.const 16)))
          (br_if $words (i32.lt_u (local.tee $to (i32.add (local.get $to) (i32.const 64))) (i32.const 256))))
        (local.set $step (i32.const 512))

        ;; Round 1: d where b has no bit, and c where it has.
        (loop $round1
          (local.set $a (i32x4.add (i32x4.add (i32x4.add (local.get $a) (v128.load32_splat offset=0 (local.get $step))) (v128.load (i32.load offset=4 (local.get $step))))
            (v128.bitselect (local.get $c) (local.get $d) (local.get $b))))
          (local.set $a (i32x4.add (local.get $b) (v128.or (i32x4.shl (local.get $a) (i32.const 7)) (i32x4.shr_u (local.get $a) (i32.const 25)))))
          (local.set $d (i32x4.add (i32x4.add (i32x4.add (local.get $d) (v128.load32_splat offset=8 (local.get $step))) (v128.load (i32.load offset=12 (local.get $step))))
            (v128.bitselect (local.get $b) (local.get $c) (local.get $a))))
          (local.set $d (i32x4.add (local.get $a) (v128.or (i32x4.shl (local.get $d) (i32.const 12)) (i32x4.shr_u (local.get $d) (i32.const 20)))))
          (local.set $c (i32x4.add (i32x4.add (i32x4.add (local.get $c) (v128.load32_splat offset=16 (local.get $step))) (v128.load (i32.load offset=20 (local.get $step))))
            (v128.bitselect (local.get $a) (local.get $b) (local.get $d))))
          (local.set $c (i32x4.add (local.get $d) (v128.or (i32x4.shl (local.get $c) (i32.const 17)) (i32x4.shr_u (local.get $c) (i32.const 15)))))
          (local.set $b (i32x4.add (i32x4.add (i32x4.add (local.get $b) (v128.load32_splat offset=24 (local.get $step))) (v128.load (i32.load offset=28 (local.get $step))))
            (v128.bitselect (local.get $d) (local.get $a) (local.get $c))))
          (local.set $b (i32x4.add (local.get $c) (v128.or (i32x4.shl (local.get $b) (i32.const 22)) (i32x4.shr_u (local.get $b) (i32.const 10)))))
          (br_if $round1 (i32.lt_u (local.tee $step (i32.add (local.get $step) (i32.const 32))) (i32.const 640))))

        ;; Round 2: c where d has no bit, and b where it has.
        (loop $round2
          (local.set $a (i32x4.add (i32x4.add (i32x4.add (local.get $a) (v128.load32_splat offset=0 (local.get $step))) (v128.load (i32.load offset=4 (local.get $step))))
            (v128.bitselect (local.get $b) (local.get $c) (local.get $d))))
          (local.set $a (i32x4.add (local.get $b) (v128.or (i32x4.shl (local.get $a) (i32.const 5)) (i32x4.shr_u (local.get $a) (i32.const 27)))))
          (local.set $d (i32x4.add (i32x4.add (i32x4.add (local.get $d) (v128.load32_splat offset=8 (local.get $step))) (v128.load (i32.load offset=12 (local.get $step))))
            (v128.bitselect (local.get $a) (local.get $b) (local.get $c))))
          (local.set $d (i32x4.add (local.get $a) (v128.or (i32x4.shl (local.get $d) (i32.const 9)) (i32x4.shr_u (local.get $d) (i32.const 23)))))
          (local.set $c (i32x4.add (i32x4.add (i32x4.add (local.get $c) (v128.load32_splat offset=16 (local.get $step))) (v128.load (i32.load offset=20 (local.get $step))))
            (v128.bitselect (local.get $d) (local.get $a) (local.get $b))))
          (local.set $c (i32x4.add (local.get $d) (v128.or (i32x4.shl (local.get $c) (i32.const 14)) (i32x4.shr_u (local.get $c) (i32.const 18)))))
          (local.set $b (i32x4.add (i32x4.add (i32x4.add (local.get $b) (v128.load32_splat offset=24 (local.get $step))) (v128.load (i32.load offset=28 (local.get $step))))
            (v128.bitselect (local.get $c) (local.get $d) (local.get $a))))
          (local.set $b (i32x4.add (local.get $c) (v128.or (i32x4.shl (local.get $b) (i32.const 20)) (i32x4.shr_u (local.get $b) (i32.const 12)))))
          (br_if $round2 (i32.lt_u (local.tee $step (i32.add (local.get $step) (i32.const 32))) (i32.const 768))))

        ;; Round 3: where an odd number of b, c and d has a bit.
        (loop $round3
          (local.set $a (i32x4.add (i32x4.add (i32x4.add (local.get $a) (v128.load32_splat offset=0 (local.get $step))) (v128.load (i32.load offset=4 (local.get $step))))
            (v128.xor (v128.xor (local.get $c) (local.get $d)) (local.get $b))))
          (local.set $a (i32x4.add (local.get $b) (v128.or (i32x4.shl (local.get $a) (i32.const 4)) (i32x4.shr_u (local.get $a) (i32.const 28)))))
          (local.set $d (i32x4.add (i32x4.add (i32x4.add (local.get $d) (v128.load32_splat offset=8 (local.get $step))) (v128.load (i32.load offset=12 (local.get $step))))
            (v128.xor (v128.xor (local.get $b) (local.get $c)) (local.get $a))))
          (local.set $d (i32x4.add (local.get $a) (v128.or (i32x4.shl (local.get $d) (i32.const 11)) (i32x4.shr_u (local.get $d) (i32.const 21)))))
          (local.set $c (i32x4.add (i32x4.add (i32x4.add (local.get $c) (v128.load32_splat offset=16 (local.get $step))) (v128.load (i32.load offset=20 (local.get $step))))
            (v128.xor (v128.xor (local.get $a) (local.get $b)) (local.get $d))))
          (local.set $c (i32x4.add (local.get $d) (v128.or (i32x4.shl (local.get $c) (i32.const 16)) (i32x4.shr_u (local.get $c) (i32.const 16)))))
          (local.set $b (i32x4.add (i32x4.add (i32x4.add (local.get $b) (v128.load32_splat offset=24 (local.get $step))) (v128.load (i32.load offset=28 (local.get $step))))
            (v128.xor (v128.xor (local.get $d) (local.get $a)) (local.get $c))))
          (local.set $b (i32x4.add (local.get $c) (v128.or (i32x4.shl (local.get $b) (i32.const 23)) (i32x4.shr_u (local.get $b) (i32.const 9)))))
          (br_if $round3 (i32.lt_u (local.tee $step (i32.add (local.get $step) (i32.const 32))) (i32.const 896))))

        ;; Round 4: what c, and b or no d, differ in.
        (loop $round4
          (local.set $a (i32x4.add (i32x4.add (i32x4.add (local.get $a) (v128.load32_splat offset=0 (local.get $step))) (v128.load (i32.load offset=4 (local.get $step))))
            (v128.xor (local.get $c) (v128.or (local.get $b) (v128.not (local.get $d))))))
          (local.set $a (i32x4.add (local.get $b) (v128.or (i32x4.shl (local.get $a) (i32.const 6)) (i32x4.shr_u (local.get $a) (i32.const 26)))))
          (local.set $d (i32x4.add (i32x4.add (i32x4.add (local.get $d) (v128.load32_splat offset=8 (local.get $step))) (v128.load (i32.load offset=12 (local.get $step))))
            (v128.xor (local.get $b) (v128.or (local.get $a) (v128.not (local.get $c))))))
          (local.set $d (i32x4.add (local.get $a) (v128.or (i32x4.shl (local.get $d) (i32.const 10)) (i32x4.shr_u (local.get $d) (i32.const 22)))))
          (local.set $c (i32x4.add (i32x4.add (i32x4.add (local.get $c) (v128.load32_splat offset=16 (local.get $step))) (v128.load (i32.load offset=20 (local.get $step))))
            (v128.xor (local.get $a) (v128.or (local.get $d) (v128.not (local.get $b))))))
          (local.set $c (i32x4.add (local.get $d) (v128.or (i32x4.shl (local.get $c) (i32.const 15)) (i32x4.shr_u (local.get $c) (i32.const 17)))))
          (local.set $b (i32x4.add (i32x4.add (i32x4.add (local.get $b) (v128.load32_splat offset=24 (local.get $step))) (v128.load (i32.load offset=28 (local.get $step))))
            (v128.xor (local.get $d) (v128.or (local.get $c) (v128.not (local.get $a))))))
          (local.set $b (i32x4.add (local.get $c) (v128.or (i32x4.shl (local.get $b) (i32.const 21)) (i32x4.shr_u (local.get $b) (i32.const 11)))))
          (br_if $round4 (i32.lt_u (local.tee $step (i32.add (local.get $step) (i32.const 32))) (i32.const 1024))))

        ;; What they were before the block is added, and kept for the next one.
        (v128.store offset=0 (i32.const 0) (local.tee $a (i32x4.add (local.get $a) (v128.load offset=0 (i32.const 0)))))
        (v128.store offset=16 (i32.const 0) (local.tee $b (i32x4.add (local.get $b) (v128.load offset=16 (i32.const 0)))))
        (v128.store offset=32 (i32.const 0) (local.tee $c (i32x4.add (local.get $c) (v128.load offset=32 (i32.const 0)))))
        (v128.store offset=48 (i32.const 0) (local.tee $d (i32x4.add (local.get $d) (v128.load offset=48 (i32.const 0)))))
        (local.set $at (i32.add (local.get $at) (i32.const 64)))
        (br $blocks))))))
