;; One pass over bytes of JSON text, sixteen at a time: where the quotes are that no backslash escapes, and the backslashes
;; that escape; whether all bytes are ASCII; and whether there are control characters. `npm run generate` makes scan.wasm.ts
;; of this file.
(module
  ;; The bytes to look at lie at its beginning, 64 KiB at most. What lies behind them is read too, and not counted. From
  ;; 64 KiB on lie the places of quotes, from 320 KiB on those of backslashes, four bytes each: enough for bytes that are
  ;; nothing else.
  (memory (export "memory") 7 7)

  ;; How many backslashes the last scan found.
  (global $escapes (export "escapes") (mut i32) (i32.const 0))

  ;; $escaped: 1 where the bytes before these ended in a backslash that escapes. $base: what places count from.
  ;; Answers 8 * quotes, + 4 where a byte is a control character, + 2 where one is not ASCII, + 1 where the last byte is a
  ;; backslash that escapes.
  (func (export "scan") (param $length i32) (param $escaped i32) (param $base i32) (result i32)
    (local $at i32)
    ;; Where the next place of a quote, and of a backslash, is written to.
    (local $quotes i32)
    (local $backslashes i32)
    (local $block v128)
    ;; A bit for each byte of the block: which of them count, and which are quotes, backslashes, no ASCII, control characters.
    (local $within i32)
    (local $quote i32)
    (local $backslash i32)
    (local $foreign i32)
    (local $control i32)
    ;; The place of the first backslash that is left.
    (local $first i32)

    (local.set $quotes (i32.const 0x10000))
    (local.set $backslashes (i32.const 0x50000))
    (loop $blocks
      (if (i32.lt_u (local.get $at) (local.get $length))
        (then
          (local.set $block (v128.load (local.get $at)))
          (local.set $within (i32.const 0xffff))
          (if (i32.lt_u (i32.sub (local.get $length) (local.get $at)) (i32.const 16))
            (then
              (local.set $within
                (i32.sub (i32.shl (i32.const 1) (i32.sub (local.get $length) (local.get $at))) (i32.const 1)))))
          (local.set $foreign
            (i32.or (local.get $foreign) (i32.and (i8x16.bitmask (local.get $block)) (local.get $within))))
          (local.set $control
            (i32.or (local.get $control)
              (i32.and
                (i8x16.bitmask (i8x16.lt_u (local.get $block) (i8x16.splat (i32.const 0x20))))
                (local.get $within))))
          (local.set $quote
            (i32.and
              (i8x16.bitmask (i8x16.eq (local.get $block) (i8x16.splat (i32.const 0x22))))
              (local.get $within)))
          (local.set $backslash
            (i32.and
              (i8x16.bitmask (i8x16.eq (local.get $block) (i8x16.splat (i32.const 0x5c))))
              (local.get $within)))

          ;; The first byte, when the block before ended in a backslash, is only a character.
          (if (local.get $escaped)
            (then
              (local.set $quote (i32.and (local.get $quote) (i32.const 0xfffe)))
              (local.set $backslash (i32.and (local.get $backslash) (i32.const 0xfffe)))
              (local.set $escaped (i32.const 0))))

          ;; So is each byte after a backslash. Nearly all blocks have none.
          (loop $escapes
            (if (local.get $backslash)
              (then
                (local.set $first (i32.ctz (local.get $backslash)))
                (local.set $quote
                  (i32.and (local.get $quote) (i32.rotl (i32.const -3) (local.get $first))))
                (local.set $backslash
                  (i32.and (local.get $backslash) (i32.rotl (i32.const -4) (local.get $first))))
                (local.set $escaped (i32.eq (local.get $first) (i32.const 15)))
                (i32.store
                  (local.get $backslashes)
                  (i32.add (local.get $base) (i32.add (local.get $at) (local.get $first))))
                (local.set $backslashes (i32.add (local.get $backslashes) (i32.const 4)))
                (br $escapes))))

          (loop $found
            (if (local.get $quote)
              (then
                (i32.store
                  (local.get $quotes)
                  (i32.add (local.get $base) (i32.add (local.get $at) (i32.ctz (local.get $quote)))))
                (local.set $quotes (i32.add (local.get $quotes) (i32.const 4)))
                (local.set $quote (i32.and (local.get $quote) (i32.sub (local.get $quote) (i32.const 1))))
                (br $found))))

          (local.set $at (i32.add (local.get $at) (i32.const 16)))
          (br $blocks))))

    (global.set $escapes (i32.shr_u (i32.sub (local.get $backslashes) (i32.const 0x50000)) (i32.const 2)))
    (i32.or
      (i32.or
        (i32.shl (i32.sub (local.get $quotes) (i32.const 0x10000)) (i32.const 1))
        (i32.shl (i32.ne (local.get $control) (i32.const 0)) (i32.const 2)))
      (i32.or
        (i32.shl (i32.ne (local.get $foreign) (i32.const 0)) (i32.const 1))
        (local.get $escaped)))))
