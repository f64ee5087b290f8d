using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lowrank.Formats;

/// <summary><see cref="AffineSearch"/> of eight parts side by side (<see cref="PartLanes"/>).</summary>
readonly unsafe ref struct AffineLanes(AffineSearch search, float* values, float* weights, int* codes, int* tried)
{
    const int Lanes = PartLanes.Count;

    /// <summary>Searches, and leaves the codes.</summary>
    /// <param name="search">What is searched.</param>
    /// <param name="parts">Eight parts, one after the other.</param>
    /// <param name="weights">Their weights, side by side.</param>
    /// <param name="codes">Their codes, one part after the other.</param>
    /// <param name="scales">A scale for each.</param>
    /// <param name="depths">A depth for each.</param>
    internal static void Find(AffineSearch search, float* parts, float* weights, byte* codes, float* scales, float* depths)
    {
        const int Most = AffineSearch.MostCount * Lanes;
        float* turned = stackalloc float[Most];
        int* best = stackalloc int[Most], tried = stackalloc int[Most];
        PartLanes.Turn(parts, search.Count, turned);
        var (scale, depth) = new AffineLanes(search, turned, weights, best, tried).Find();
        PartLanes.TurnBack(best, search.Count, codes);
        scale.Store(scales);
        depth.Store(depths);
    }

    (Vector256<float> Scale, Vector256<float> Depth) Find()
    {
        var (least, most, weightSum, valueSum) = Sums();
        var zero = Vector256<float>.Zero;
        least = Vector256.ConditionalSelect(Vector256.GreaterThan(least, zero), zero, least);
        var isFlat = Vector256.Equals(most, least);
        var largest = Vector256.Create((float)search.Largest);
        var inverse = largest / (most - least);
        var scale = Vector256<float>.One / inverse;
        Round(least, inverse, codes);
        var best = Error(codes, scale, least);
        for (int attempt = 0; attempt < search.Tries; attempt++)
        {
            Round(least, (Vector256.Create(search.First + AffineSearch.Step * attempt) + largest) / (most - least), tried);
            var (fitScale, fitLeast, fits) = Fit(weightSum, valueSum);
            var error = Error(tried, fitScale, fitLeast);
            var isBetter = fits & Vector256.LessThan(error, best);
            if (isBetter.AsInt32() == Vector256<int>.Zero) continue;
            for (int i = 0; i < search.Count * Lanes; i += Lanes)
                Vector256.ConditionalSelect(isBetter.AsInt32(), Vector256.Load(tried + i), Vector256.Load(codes + i)).Store(codes + i);
            best = Vector256.ConditionalSelect(isBetter, error, best);
            scale = Vector256.ConditionalSelect(isBetter, fitScale, scale);
            least = Vector256.ConditionalSelect(isBetter, fitLeast, least);
        }
        for (int i = 0; i < search.Count * Lanes; i += Lanes)
            Vector256.AndNot(Vector256.Load(codes + i), isFlat.AsInt32()).Store(codes + i);
        return (Vector256.AndNot(scale, isFlat), -least);
    }

    (Vector256<float> Least, Vector256<float> Most, Vector256<float> Weights, Vector256<float> Values) Sums()
    {
        Vector256<float> least = Vector256.Load(values), most = least, weightSum = Vector256.Load(weights), valueSum = weightSum * least;
        for (int i = Lanes; i < search.Count * Lanes; i += Lanes)
        {
            var (value, weight) = (Vector256.Load(values + i), Vector256.Load(weights + i));
            least = Vector256.ConditionalSelect(Vector256.LessThan(value, least), value, least);
            most = Vector256.ConditionalSelect(Vector256.GreaterThan(value, most), value, most);
            weightSum += weight;
            valueSum += weight * value;
        }
        return (least, most, weightSum, valueSum);
    }

    void Round(Vector256<float> least, Vector256<float> inverse, int* to)
    {
        for (int i = 0; i < search.Count * Lanes; i += Lanes)
            PartLanes.HalfEven(inverse * (Vector256.Load(values + i) - least), 0, search.Largest).Store(to + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    Vector256<float> Error(int* of, Vector256<float> scale, Vector256<float> least)
    {
        Vector256<float> error = default;
        for (int i = 0; i < search.Count * Lanes; i += Lanes)
        {
            var difference = scale * Vector256.ConvertToSingle(Vector256.Load(of + i)) + least - Vector256.Load(values + i);
            error += Vector256.Load(weights + i) * (search.ByMagnitude ? Vector256.Abs(difference) : difference * difference);
        }
        return error;
    }

    (Vector256<float> Scale, Vector256<float> Least, Vector256<float> Fits) Fit(Vector256<float> weightSum, Vector256<float> valueSum)
    {
        Vector256<float> sum = default, squares = default, crossed = default;
        for (int i = 0; i < search.Count * Lanes; i += Lanes)
        {
            var code = Vector256.ConvertToSingle(Vector256.Load(tried + i));
            var weighted = Vector256.Load(weights + i) * code;
            sum += weighted;
            squares += weighted * code;
            crossed += weighted * Vector256.Load(values + i);
        }
        var determinant = weightSum * squares - sum * sum;
        var least = (squares * valueSum - sum * crossed) / determinant;
        var scale = (weightSum * crossed - valueSum * sum) / determinant;
        var isAbove = Vector256.GreaterThan(least, Vector256<float>.Zero);
        scale = Vector256.ConditionalSelect(isAbove, crossed / squares, scale);
        return (scale, Vector256.AndNot(least, isAbove), Vector256.GreaterThan(determinant, Vector256<float>.Zero));
    }
}
