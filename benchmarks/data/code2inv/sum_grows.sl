; sum = 0; i = 1; while (i <= k) { sum = sum + i; i++; } assert(sum >= 0);
; Every assignment makes a copy of its variable; a copy means nothing outside its own step.
(set-logic LIA)

(synth-inv inv-f ((i Int) (sum Int) (k Int) (i_0 Int) (i_1 Int) (i_2 Int) (sum_0 Int) (sum_1 Int) (sum_2 Int) (k_0 Int)))

(define-fun pre-f ((i Int) (sum Int) (k Int) (i_0 Int) (i_1 Int) (i_2 Int) (sum_0 Int) (sum_1 Int) (sum_2 Int) (k_0 Int)) Bool
  (and (= i i_0) (= sum sum_0) (= sum_0 0) (= i_0 1)))

(define-fun trans-f ((i Int) (sum Int) (k Int) (i_0 Int) (i_1 Int) (i_2 Int) (sum_0 Int) (sum_1 Int) (sum_2 Int) (k_0 Int)
                  (i! Int) (sum! Int) (k! Int) (i_0! Int) (i_1! Int) (i_2! Int) (sum_0! Int) (sum_1! Int) (sum_2! Int) (k_0! Int)) Bool
  (or
    (and (= i_1 i) (= sum_1 sum) (= i_1 i!) (= sum_1 sum!) (= k k_0) (= k! k_0) (= i i!) (= sum sum!))
    (and (= i_1 i) (= sum_1 sum) (<= i_1 k_0) (= sum_2 (+ sum_1 i_1)) (= i_2 (+ i_1 1)) (= i_2 i!) (= sum_2 sum!) (= k k_0) (= k! k_0))))

(define-fun post-f ((i Int) (sum Int) (k Int) (i_0 Int) (i_1 Int) (i_2 Int) (sum_0 Int) (sum_1 Int) (sum_2 Int) (k_0 Int)) Bool
  (or (not (and (= i i_1) (= sum sum_1) (= k k_0))) (not (and (not (<= i_1 k_0)) (not (>= sum_1 0))))))

(inv-constraint inv-f pre-f trans-f post-f)

(check-synth)
