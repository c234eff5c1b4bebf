; assume(mid > 0); lo = 0; hi = 2 * mid; while (mid > 0) { lo++; hi--; mid--; } assert(lo == hi);
; Every assignment makes a copy of its variable; a copy means nothing outside its own step.
(set-logic LIA)

(synth-inv inv-f ((lo Int) (hi Int) (mid Int) (lo_0 Int) (lo_1 Int) (lo_2 Int) (hi_0 Int) (hi_1 Int) (hi_2 Int) (mid_0 Int) (mid_1 Int) (mid_2 Int)))

(define-fun pre-f ((lo Int) (hi Int) (mid Int) (lo_0 Int) (lo_1 Int) (lo_2 Int) (hi_0 Int) (hi_1 Int) (hi_2 Int) (mid_0 Int) (mid_1 Int) (mid_2 Int)) Bool
  (and (= lo lo_0) (= hi hi_0) (= mid mid_0) (> mid_0 0) (= lo_0 0) (= hi_0 (* 2 mid_0))))

(define-fun trans-f ((lo Int) (hi Int) (mid Int) (lo_0 Int) (lo_1 Int) (lo_2 Int) (hi_0 Int) (hi_1 Int) (hi_2 Int) (mid_0 Int) (mid_1 Int) (mid_2 Int)
                  (lo! Int) (hi! Int) (mid! Int) (lo_0! Int) (lo_1! Int) (lo_2! Int) (hi_0! Int) (hi_1! Int) (hi_2! Int) (mid_0! Int) (mid_1! Int) (mid_2! Int)) Bool
  (or
    (and (= lo_1 lo) (= hi_1 hi) (= mid_1 mid) (= lo_1 lo!) (= hi_1 hi!) (= mid_1 mid!) (= lo lo!) (= hi hi!) (= mid mid!))
    (and (= lo_1 lo) (= hi_1 hi) (= mid_1 mid) (> mid_1 0) (= lo_2 (+ lo_1 1)) (= hi_2 (- hi_1 1)) (= mid_2 (- mid_1 1)) (= lo_2 lo!) (= hi_2 hi!) (= mid_2 mid!))))

(define-fun post-f ((lo Int) (hi Int) (mid Int) (lo_0 Int) (lo_1 Int) (lo_2 Int) (hi_0 Int) (hi_1 Int) (hi_2 Int) (mid_0 Int) (mid_1 Int) (mid_2 Int)) Bool
  (or (not (and (= lo lo_1) (= hi hi_1) (= mid mid_1))) (not (and (not (> mid_1 0)) (not (= lo_1 hi_1))))))

(inv-constraint inv-f pre-f trans-f post-f)

(check-synth)
