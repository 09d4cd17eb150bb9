package selection

import "math"

// sample is a feature vector with a weight.
type sample struct {
	feature
	weight float64
}

// mixture is a Gaussian mixture of colours and textures.
type mixture []normal

// normal is a normal distribution. root is the Cholesky factor of its covariance; its upper
// left part is the factor for the first features alone.
type normal struct {
	share   float64
	mean    [dims]float64
	root    [dims][dims]float64
	inverse [dims]float64 // of the root's diagonal
	// height is the density's maximum times share, by the number of features.
	height [dims + 1]float64
}

const (
	// kinds is the largest number of normal distributions of a mixture.
	kinds = 5
	// least is added to each standard deviation, in quadrature.
	least = 0.018
	// stray is a uniform density that is added to each mixture.
	stray = 0.05
)

// learn fits a mixture to samples: k-means with centres that start far apart, then a normal
// distribution for each cluster.
func learn(samples []sample) mixture {
	var centres [][dims]float64
	total := 0.0
	for _, s := range samples {
		total += s.weight
	}
	if total <= 0 {
		return nil
	}
	of := make([]int, len(samples))
	centres = spread(samples)
	for range 8 {
		gather(samples, centres, of)
		if !recentre(samples, centres, of) {
			break
		}
	}
	var m mixture
	for k := range centres {
		if n, ok := fit(samples, of, k); ok {
			for i := range n.height {
				n.height[i] *= n.share / total
			}
			n.share /= total
			m = append(m, n)
		}
	}
	return m
}

// spread returns starting centres that are far apart; the first is the mean.
func spread(samples []sample) [][dims]float64 {
	centres := make([][dims]float64, 1, kinds)
	of := make([]int, len(samples))
	recentre(samples, centres, of)
	distance := make([]float64, len(samples))
	for i := range distance {
		distance[i] = math.Inf(1)
	}
	for len(centres) < kinds {
		best, most := -1, 4*least*least
		for i := range samples {
			distance[i] = min(distance[i], samples[i].from(&centres[len(centres)-1]))
			// A few distant samples count less than many that are less distant.
			if d := distance[i] * math.Sqrt(samples[i].weight); distance[i] > 4*least*least && d > most {
				best, most = i, d
			}
		}
		if best < 0 {
			break
		}
		centres = append(centres, samples[best].vector())
	}
	return centres
}

func (s *sample) vector() (v [dims]float64) {
	for i := range v {
		v[i] = float64(s.feature[i])
	}
	return v
}

// from returns the squared distance of a sample from a centre.
func (s *sample) from(c *[dims]float64) (d float64) {
	for i, v := range s.feature {
		d += (float64(v) - c[i]) * (float64(v) - c[i])
	}
	return d
}

func gather(samples []sample, centres [][dims]float64, of []int) {
	for i := range samples {
		least := math.Inf(1)
		for k := range centres {
			if d := samples[i].from(&centres[k]); d < least {
				of[i], least = k, d
			}
		}
	}
}

// recentre moves each centre to the mean of its samples and reports whether any moved.
func recentre(samples []sample, centres [][dims]float64, of []int) (moved bool) {
	sums, weights := make([][dims]float64, len(centres)), make([]float64, len(centres))
	for i := range samples {
		s := &samples[i]
		for c, v := range s.feature {
			sums[of[i]][c] += s.weight * float64(v)
		}
		weights[of[i]] += s.weight
	}
	for k := range centres {
		if weights[k] == 0 {
			continue
		}
		for c := range sums[k] {
			v := sums[k][c] / weights[k]
			moved = moved || math.Abs(v-centres[k][c]) > 1e-6
			centres[k][c] = v
		}
	}
	return moved
}

// fit returns the distribution of one cluster, with the cluster's weight as its share.
func fit(samples []sample, of []int, kind int) (n normal, ok bool) {
	for i := range samples {
		if of[i] == kind {
			n.share += samples[i].weight
			for c, v := range samples[i].feature {
				n.mean[c] += samples[i].weight * float64(v)
			}
		}
	}
	if n.share == 0 {
		return n, false
	}
	for c := range n.mean {
		n.mean[c] /= n.share
	}
	var v [dims][dims]float64
	for i := range samples {
		if of[i] != kind {
			continue
		}
		for a := range dims {
			for b := range a + 1 {
				v[a][b] += samples[i].weight / n.share * (float64(samples[i].feature[a]) - n.mean[a]) * (float64(samples[i].feature[b]) - n.mean[b])
			}
		}
	}
	n.root = cholesky(v)
	n.height[0] = 1
	for a := range dims {
		n.inverse[a] = 1 / n.root[a][a]
		n.height[a+1] = n.height[a] * n.inverse[a] / math.Sqrt(2*math.Pi)
	}
	return n, true
}

// cholesky returns the Cholesky factor of a covariance, of which the lower left half is given, with
// least added to the deviations in quadrature.
func cholesky(v [dims][dims]float64) (root [dims][dims]float64) {
	for a := range dims {
		v[a][a] += least * least
		for b := range a + 1 {
			sum := v[a][b]
			for c := range b {
				sum -= root[a][c] * root[b][c]
			}
			if a == b {
				root[a][a] = math.Sqrt(max(sum, least*least/4))
			} else {
				root[a][b] = sum / root[b][b]
			}
		}
	}
	return root
}

// log returns the logarithm of the density at the first so many features.
func (m mixture) log(f *feature, features int) float64 {
	sum := stray
	for i := range m {
		n := &m[i]
		var z [dims]float64
		squares := 0.0
		for a := 0; a < features && squares < 60; a++ {
			v := float64(f[a]) - n.mean[a]
			for b := range a {
				v -= n.root[a][b] * z[b]
			}
			z[a] = v * n.inverse[a]
			squares += z[a] * z[a]
		}
		if squares < 60 {
			sum += n.height[features] * math.Exp(-squares/2)
		}
	}
	return math.Log(sum)
}

// models are the mixtures of the object and of the rest.
type models struct{ thing, rest mixture }

// sure limits the absolute log-likelihood ratio of the models.
const sure = 5

// favour returns the log-likelihood ratio of the object and the rest, from -sure to sure.
func (m *models) favour(f *feature, features int) float64 {
	return min(max(m.thing.log(f, features)-m.rest.log(f, features), -sure), sure)
}
