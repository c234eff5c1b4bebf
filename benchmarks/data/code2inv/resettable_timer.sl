; assume(limit > 0); t = 0; while (unknown()) { if (t < limit) t++; else t = 0; } assert(t >= 0 && t <= limit);
; Every assignment makes a copy of its variable; a copy means nothing outside its own step.
(set-logic LIA)

(synth-inv inv-f ((t Int) (limit Int) (t_0 Int) (t_1 Int) (t_2 Int) (t_3 Int) (t_4 Int) (t_5 Int) (limit_0 Int)))

(define-fun pre-f ((t Int) (limit Int) (t_0 Int) (t_1 Int) (t_2 Int) (t_3 Int) (t_4 Int) (t_5 Int) (limit_0 Int)) Bool
  (and (= t t_1) (= limit limit_0) (> limit_0 0) (= t_1 0)))

(define-fun trans-f ((t Int) (limit Int) (t_0 Int) (t_1 Int) (t_2 Int) (t_3 Int) (t_4 Int) (t_5 Int) (limit_0 Int)
                  (t! Int) (limit! Int) (t_0! Int) (t_1! Int) (t_2! Int) (t_3! Int) (t_4! Int) (t_5! Int) (limit_0! Int)) Bool
  (or
    (and (= t_2 t) (= t_2 t!) (= limit limit_0) (= limit! limit_0) (= t t!))
    (and (= t_2 t) (< t_2 limit_0) (= t_3 (+ t_2 1)) (= t_5 t_3) (= t_5 t!) (= limit limit_0) (= limit! limit_0))
    (and (= t_2 t) (not (< t_2 limit_0)) (= t_4 0) (= t_5 t_4) (= t_5 t!) (= limit limit_0) (= limit! limit_0))))

(define-fun post-f ((t Int) (limit Int) (t_0 Int) (t_1 Int) (t_2 Int) (t_3 Int) (t_4 Int) (t_5 Int) (limit_0 Int)) Bool
  (or (not (and (= t t_2) (= limit limit_0))) (not (not (and (>= t_2 0) (<= t_2 limit_0))))))

(inv-constraint inv-f pre-f trans-f post-f)

(check-synth)
