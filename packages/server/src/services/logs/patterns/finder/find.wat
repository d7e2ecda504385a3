;; Looks for up to 32 texts in many messages, sixteen bytes at a time: the first three bytes of all texts at once, by two
;; tables of half bytes for each of the three, and the rest where these are found. `npm run generate` makes find.wasm.ts of
;; this file; plan.ts writes what lies before the messages.
(module
  ;; 0x00000  The tables: for the lower and the upper half of the first byte, of the second, and of the third. An entry has
  ;;          a bit for each of eight buckets, of which each holds a few of the texts.
  ;; 0x00060  Sixteen bytes for what was found of a block.
  ;; 0x00070  Sixteen bytes of ones, and sixteen of zeros.
  ;; 0x00090  For each bucket the bits of its texts.
  ;; 0x00100  For each text where it lies, and how many bytes it has.
  ;; 0x00200  The texts.
  ;; 0x30000  Where each message begins, counted from 0x40000; 0x34000: where it ends.
  ;; 0x38000  Which texts each message contains.
  ;; 0x40000  The messages, 256 KiB at most. What lies between and behind them is read too, and not counted.
  (memory (export "memory") 9 9)

  ;; $buckets: a bit for each one that has texts.
  (func (export "find") (param $count i32) (param $buckets i32)
    ;; Four times the number of the message.
    (local $message i32)
    (local $start i32)
    (local $end i32)
    (local $at i32)
    (local $block v128)
    (local $low v128)
    (local $high v128)
    ;; For each byte the buckets of which it may be the first, the second; those of the block before; and the third.
    (local $first v128)
    (local $second v128)
    (local $firstBefore v128)
    (local $secondBefore v128)
    (local $third v128)
    ;; Buckets of which something is still to be found in the message.
    (local $open i32)
    (local $opens v128)
    ;; Texts that were found in it.
    (local $found i32)
    ;; A bit for each place of the block where three bytes were found, and the buckets of one place.
    (local $places i32)
    (local $place i32)
    (local $here i32)
    (local $bucket i32)
    (local $texts i32)
    (local $rest i32)
    ;; A text: its number, where it lies, where it may begin in the message.
    (local $number i32)
    (local $text i32)
    (local $length i32)
    (local $from i32)
    (local $step i32)

    (local.set $count (i32.shl (local.get $count) (i32.const 2)))
    (loop $messages
      (if (i32.lt_u (local.get $message) (local.get $count))
        (then
          (local.set $start (i32.load offset=0x30000 (local.get $message)))
          (local.set $end (i32.load offset=0x34000 (local.get $message)))
          (local.set $found (i32.const 0))
          (local.set $open (local.get $buckets))
          (local.set $opens (i8x16.splat (local.get $open)))
          (local.set $firstBefore (v128.const i64x2 0 0))
          (local.set $secondBefore (v128.const i64x2 0 0))
          (local.set $at (local.get $start))
          (block $over
            (loop $blocks
              ;; A place is that of a third byte, which a text of less than three bytes has behind its end.
              (br_if $over (i32.ge_u (local.get $at) (i32.add (local.get $end) (i32.const 2))))
              (local.set $block (v128.load offset=0x40000 (local.get $at)))
              (local.set $low
                (v128.and (local.get $block) (v128.const i32x4 0x0f0f0f0f 0x0f0f0f0f 0x0f0f0f0f 0x0f0f0f0f)))
              (local.set $high (i8x16.shr_u (local.get $block) (i32.const 4)))
              (local.set $first
                (v128.and
                  (i8x16.swizzle (v128.load offset=0x00 (i32.const 0)) (local.get $low))
                  (i8x16.swizzle (v128.load offset=0x10 (i32.const 0)) (local.get $high))))
              (local.set $second
                (v128.and
                  (i8x16.swizzle (v128.load offset=0x20 (i32.const 0)) (local.get $low))
                  (i8x16.swizzle (v128.load offset=0x30 (i32.const 0)) (local.get $high))))
              (local.set $third
                (v128.and
                  (v128.and
                    (v128.and
                      (i8x16.swizzle (v128.load offset=0x40 (i32.const 0)) (local.get $low))
                      (i8x16.swizzle (v128.load offset=0x50 (i32.const 0)) (local.get $high)))
                    (local.get $opens))
                  (v128.and
                    (i8x16.shuffle 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29
                      (local.get $firstBefore) (local.get $first))
                    (i8x16.shuffle 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30
                      (local.get $secondBefore) (local.get $second)))))
              (local.set $firstBefore (local.get $first))
              (local.set $secondBefore (local.get $second))
              (if (v128.any_true (local.get $third))
                (then
                  (v128.store offset=0x60 (i32.const 0) (local.get $third))
                  (local.set $places
                    (i32.xor
                      (i8x16.bitmask (i8x16.eq (local.get $third) (v128.const i64x2 0 0)))
                      (i32.const 0xffff)))
                  (loop $eachPlace
                    (local.set $place (i32.ctz (local.get $places)))
                    (local.set $here (i32.and (i32.load8_u offset=0x60 (local.get $place)) (local.get $open)))
                    (local.set $place (i32.sub (i32.add (local.get $at) (local.get $place)) (i32.const 2)))
                    (loop $eachBucket
                      (if (local.get $here)
                        (then
                          (local.set $bucket (i32.ctz (local.get $here)))
                          (local.set $texts (i32.load offset=0x90 (i32.shl (local.get $bucket) (i32.const 2))))
                          (local.set $rest
                            (i32.and (local.get $texts) (i32.xor (local.get $found) (i32.const -1))))
                          (block $all
                            (loop $eachText
                              (br_if $all (i32.eqz (local.get $rest)))
                              (local.set $number (i32.ctz (local.get $rest)))
                              (local.set $rest (i32.and (local.get $rest) (i32.sub (local.get $rest) (i32.const 1))))
                              (local.set $text (i32.load offset=0x100 (i32.shl (local.get $number) (i32.const 3))))
                              (local.set $length (i32.load offset=0x104 (i32.shl (local.get $number) (i32.const 3))))
                              ;; Its first sixteen bytes, or as many as it has.
                              (br_if $eachText
                                (v128.any_true
                                  (v128.and
                                    (v128.xor
                                      (v128.load offset=0x40000 (local.get $place))
                                      (v128.load (local.get $text)))
                                    (v128.load
                                      (i32.sub
                                        (i32.const 0x80)
                                        (select
                                          (i32.const 16)
                                          (local.get $length)
                                          (i32.gt_u (local.get $length) (i32.const 16))))))))
                              (br_if $eachText
                                (i32.gt_u (i32.add (local.get $place) (local.get $length)) (local.get $end)))
                              ;; The sixteen bytes that end where each further sixteen would, or where it ends.
                              (local.set $step (i32.const 16))
                              (loop $further
                                (if (i32.lt_u (local.get $step) (local.get $length))
                                  (then
                                    (local.set $step (i32.add (local.get $step) (i32.const 16)))
                                    (local.set $from
                                      (i32.sub
                                        (select
                                          (local.get $length)
                                          (local.get $step)
                                          (i32.gt_u (local.get $step) (local.get $length)))
                                        (i32.const 16)))
                                    (br_if $eachText
                                      (v128.any_true
                                        (v128.xor
                                          (v128.load offset=0x40000 (i32.add (local.get $place) (local.get $from)))
                                          (v128.load (i32.add (local.get $text) (local.get $from))))))
                                    (br $further))))
                              (local.set $found
                                (i32.or (local.get $found) (i32.shl (i32.const 1) (local.get $number))))
                              (br $eachText)))
                          (if (i32.eq (i32.and (local.get $found) (local.get $texts)) (local.get $texts))
                            (then
                              (local.set $open
                                (i32.xor (local.get $open) (i32.shl (i32.const 1) (local.get $bucket))))
                              (local.set $opens (i8x16.splat (local.get $open)))))
                          (local.set $here (i32.and (local.get $here) (i32.sub (local.get $here) (i32.const 1))))
                          (br $eachBucket))))
                    (local.set $places (i32.and (local.get $places) (i32.sub (local.get $places) (i32.const 1))))
                    (br_if $eachPlace (local.get $places)))
                  (br_if $over (i32.eqz (local.get $open)))))
              (local.set $at (i32.add (local.get $at) (i32.const 16)))
              (br $blocks)))
          (i32.store offset=0x38000 (local.get $message) (local.get $found))
          (local.set $message (i32.add (local.get $message) (i32.const 4)))
          (br $messages))))))
