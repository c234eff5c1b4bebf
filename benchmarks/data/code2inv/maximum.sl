; max = first; i = 0; while (i < n) { v = unknown(); if (v > max) max = v; i++; } assert(max >= first);
; Every assignment makes a copy of its variable; a copy means nothing outside its own step.
(set-logic LIA)

(synth-inv inv-f ((max Int) (i Int) (v Int) (first Int) (n Int) (max_0 Int) (max_1 Int) (max_2 Int) (max_3 Int) (i_0 Int) (i_1 Int) (i_2 Int) (i_3 Int) (i_4 Int) (v_0 Int) (v_1 Int) (v_2 Int) (v_3 Int) (first_0 Int) (n_0 Int)))

(define-fun pre-f ((max Int) (i Int) (v Int) (first Int) (n Int) (max_0 Int) (max_1 Int) (max_2 Int) (max_3 Int) (i_0 Int) (i_1 Int) (i_2 Int) (i_3 Int) (i_4 Int) (v_0 Int) (v_1 Int) (v_2 Int) (v_3 Int) (first_0 Int) (n_0 Int)) Bool
  (and (= max max_0) (= i i_0) (= first first_0) (= max_0 first_0) (= i_0 0)))

(define-fun trans-f ((max Int) (i Int) (v Int) (first Int) (n Int) (max_0 Int) (max_1 Int) (max_2 Int) (max_3 Int) (i_0 Int) (i_1 Int) (i_2 Int) (i_3 Int) (i_4 Int) (v_0 Int) (v_1 Int) (v_2 Int) (v_3 Int) (first_0 Int) (n_0 Int)
                  (max! Int) (i! Int) (v! Int) (first! Int) (n! Int) (max_0! Int) (max_1! Int) (max_2! Int) (max_3! Int) (i_0! Int) (i_1! Int) (i_2! Int) (i_3! Int) (i_4! Int) (v_0! Int) (v_1! Int) (v_2! Int) (v_3! Int) (first_0! Int) (n_0! Int)) Bool
  (or
    (and (= max_1 max) (= i_1 i) (= v_0 v) (= max_1 max!) (= i_1 i!) (= v_0 v!) (= first first_0) (= first! first_0) (= n n_0) (= n! n_0) (= max max!) (= i i!) (= v v!))
    (and (= max_1 max) (= i_1 i) (= v_0 v) (< i_1 n_0) (> v_1 max_1) (= max_2 v_1) (= i_2 (+ i_1 1)) (= max_3 max_2) (= i_4 i_2) (= v_3 v_1) (= max_3 max!) (= i_4 i!) (= v_3 v!) (= first first_0) (= first! first_0) (= n n_0) (= n! n_0))
    (and (= max_1 max) (= i_1 i) (= v_0 v) (< i_1 n_0) (not (> v_2 max_1)) (= i_3 (+ i_1 1)) (= max_3 max_1) (= i_4 i_3) (= v_3 v_2) (= max_3 max!) (= i_4 i!) (= v_3 v!) (= first first_0) (= first! first_0) (= n n_0) (= n! n_0))))

(define-fun post-f ((max Int) (i Int) (v Int) (first Int) (n Int) (max_0 Int) (max_1 Int) (max_2 Int) (max_3 Int) (i_0 Int) (i_1 Int) (i_2 Int) (i_3 Int) (i_4 Int) (v_0 Int) (v_1 Int) (v_2 Int) (v_3 Int) (first_0 Int) (n_0 Int)) Bool
  (or (not (and (= max max_1) (= i i_1) (= v v_0) (= first first_0) (= n n_0))) (not (and (not (< i_1 n_0)) (not (>= max_1 first_0))))))

(inv-constraint inv-f pre-f trans-f post-f)

(check-synth)
