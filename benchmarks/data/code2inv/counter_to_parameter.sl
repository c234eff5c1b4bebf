; assume(n >= 0); i = 0; while (i < n) i++; assert(i == n);
; Every assignment makes a copy of its variable; a copy means nothing outside its own step.
(set-logic LIA)

(synth-inv inv-f ((i Int) (n Int) (i_0 Int) (i_1 Int) (i_2 Int) (n_0 Int)))

(define-fun pre-f ((i Int) (n Int) (i_0 Int) (i_1 Int) (i_2 Int) (n_0 Int)) Bool
  (and (= i i_0) (= n n_0) (>= n_0 0) (= i_0 0)))

(define-fun trans-f ((i Int) (n Int) (i_0 Int) (i_1 Int) (i_2 Int) (n_0 Int)
                  (i! Int) (n! Int) (i_0! Int) (i_1! Int) (i_2! Int) (n_0! Int)) Bool
  (or
    (and (= i_1 i) (= i_1 i!) (= n n_0) (= n! n_0) (= i i!))
    (and (= i_1 i) (< i_1 n_0) (= i_2 (+ i_1 1)) (= i_2 i!) (= n n_0) (= n! n_0))))

(define-fun post-f ((i Int) (n Int) (i_0 Int) (i_1 Int) (i_2 Int) (n_0 Int)) Bool
  (or (not (and (= i i_1) (= n n_0))) (not (and (not (< i_1 n_0)) (not (= i_1 n_0))))))

(inv-constraint inv-f pre-f trans-f post-f)

(check-synth)
