; i = 0; j = 10; while (i < n) { i++; j++; if (unknown()) { i = i + 4; j = j + 4; } } assert(j == i + 10);
; Every assignment makes a copy of its variable; a copy means nothing outside its own step.
(set-logic LIA)

(synth-inv inv-f ((i Int) (j Int) (n Int) (i_0 Int) (i_1 Int) (i_2 Int) (i_3 Int) (i_4 Int) (i_5 Int) (j_0 Int) (j_1 Int) (j_2 Int) (j_3 Int) (j_4 Int) (j_5 Int) (n_0 Int)))

(define-fun pre-f ((i Int) (j Int) (n Int) (i_0 Int) (i_1 Int) (i_2 Int) (i_3 Int) (i_4 Int) (i_5 Int) (j_0 Int) (j_1 Int) (j_2 Int) (j_3 Int) (j_4 Int) (j_5 Int) (n_0 Int)) Bool
  (and (= i i_0) (= j j_0) (= i_0 0) (= j_0 10)))

(define-fun trans-f ((i Int) (j Int) (n Int) (i_0 Int) (i_1 Int) (i_2 Int) (i_3 Int) (i_4 Int) (i_5 Int) (j_0 Int) (j_1 Int) (j_2 Int) (j_3 Int) (j_4 Int) (j_5 Int) (n_0 Int)
                  (i! Int) (j! Int) (n! Int) (i_0! Int) (i_1! Int) (i_2! Int) (i_3! Int) (i_4! Int) (i_5! Int) (j_0! Int) (j_1! Int) (j_2! Int) (j_3! Int) (j_4! Int) (j_5! Int) (n_0! Int)) Bool
  (or
    (and (= i_1 i) (= j_1 j) (= i_1 i!) (= j_1 j!) (= n n_0) (= n! n_0) (= i i!) (= j j!))
    (and (= i_1 i) (= j_1 j) (< i_1 n_0) (= i_2 (+ i_1 1)) (= j_2 (+ j_1 1)) (= i_3 (+ i_2 4)) (= j_3 (+ j_2 4)) (= i_5 i_3) (= j_5 j_3) (= i_5 i!) (= j_5 j!) (= n n_0) (= n! n_0))
    (and (= i_1 i) (= j_1 j) (< i_1 n_0) (= i_4 (+ i_1 1)) (= j_4 (+ j_1 1)) (= i_5 i_4) (= j_5 j_4) (= i_5 i!) (= j_5 j!) (= n n_0) (= n! n_0))))

(define-fun post-f ((i Int) (j Int) (n Int) (i_0 Int) (i_1 Int) (i_2 Int) (i_3 Int) (i_4 Int) (i_5 Int) (j_0 Int) (j_1 Int) (j_2 Int) (j_3 Int) (j_4 Int) (j_5 Int) (n_0 Int)) Bool
  (or (not (and (= i i_1) (= j j_1) (= n n_0))) (not (and (not (< i_1 n_0)) (not (= j_1 (+ i_1 10)))))))

(inv-constraint inv-f pre-f trans-f post-f)

(check-synth)
