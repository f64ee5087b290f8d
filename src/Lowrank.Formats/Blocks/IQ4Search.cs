using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lowrank.Formats;

/// <summary>Finds the scale of 32 elements under <see cref="IQ4Table"/>: the best in weighted squares among some near the one that
/// brings the largest element to the table's end.</summary>
static unsafe class IQ4Search
{
    internal const int Elements = 32;

    // One that brings the largest element to the other end, and then 15 near each other.
    const int Tries = 16, Nearest = 8, Lanes = PartLanes.Count;

    internal static float Scale(float* values)
    {
        float* inverses = stackalloc float[Tries], crossed = stackalloc float[Tries], squares = stackalloc float[Tries];
        if (!Begin(BlockRange.Largest(values, Elements), inverses)) return 0;
        for (int attempt = 0; attempt < Tries; attempt++)
            (crossed[attempt], squares[attempt]) = Sums(values, inverses[attempt]);
        return Best(crossed, squares);
    }

    /// <summary>The same, eight attempts side by side.</summary>
    internal static float ScaleLanes(float* values)
    {
        float* inverses = stackalloc float[Tries], crossed = stackalloc float[Tries], squares = stackalloc float[Tries];
        if (!Begin(CodeLanes.Largest(values), inverses)) return 0;
        for (int attempt = 0; attempt < Tries; attempt += Lanes)
            Sums(values, Vector256.Load(inverses + attempt), crossed + attempt, squares + attempt);
        return Best(crossed, squares);
    }

    static bool Begin(float largest, float* inverses)
    {
        if (Math.Abs(largest) < BlockRange.Nothing) return false;
        float end = IQ4Table.Values[0];
        inverses[0] = 1 / (-largest / end);
        for (int attempt = 1; attempt < Tries; attempt++) inverses[attempt] = (attempt - Nearest + end) / largest;
        return true;
    }

    // Weighted by squares: of q·x and of q·q.
    static (float Crossed, float Squares) Sums(float* values, float inverse)
    {
        float crossed = 0, squares = 0;
        for (int i = 0; i < Elements; i++)
        {
            float code = IQ4Table.Values[IQ4Table.Nearest(inverse * values[i])], weight = values[i] * values[i];
            crossed += weight * code * values[i];
            squares += weight * code * code;
        }
        return (crossed, squares);
    }

    static void Sums(float* values, Vector256<float> inverses, float* crossed, float* squares)
    {
        Vector256<float> crossedSums = default, squareSums = default;
        for (int i = 0; i < Elements; i++)
        {
            var value = Vector256.Create(values[i]);
            var (_, code) = NearestLanes(inverses * value);
            var weight = value * value;
            crossedSums += weight * code * value;
            squareSums += weight * code * code;
        }
        crossedSums.Store(crossed);
        squareSums.Store(squares);
    }

    static float Best(float* crossed, float* squares)
    {
        float scale = squares[0] > 0 ? crossed[0] / squares[0] : 0, best = scale * crossed[0];
        for (int attempt = 1; attempt < Tries; attempt++)
        {
            bool isBetter = squares[attempt] > 0 && crossed[attempt] * crossed[attempt] > best * squares[attempt];
            if (!isBetter) continue;
            scale = crossed[attempt] / squares[attempt];
            best = scale * crossed[attempt];
        }
        return scale;
    }

    /// <summary>The codes of 32 elements.</summary>
    internal static void CodesLanes(float* values, float inverse, byte* codes)
    {
        for (int i = 0; i < Elements; i += Lanes)
            PartLanes.Store(NearestLanes(Vector256.Create(inverse) * Vector256.Load(values + i)).Codes, codes + i);
    }

    // Every midpoint that is passed adds one to the code, and the step to the next value; sums of small whole numbers are exact.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (Vector256<int> Codes, Vector256<float> Values) NearestLanes(Vector256<float> scaled)
    {
        var twice = scaled + scaled;
        var codes = Vector256<int>.Zero;
        var values = Vector256.Create((float)IQ4Table.Values[0]);
        for (int code = 1; code < IQ4Table.Values.Length; code++)
        {
            float lower = IQ4Table.Values[code - 1], upper = IQ4Table.Values[code];
            var isPassed = Vector256.GreaterThanOrEqual(twice, Vector256.Create(lower + upper));
            codes -= isPassed.AsInt32();
            values += isPassed & Vector256.Create(upper - lower);
        }
        return (codes, values);
    }
}
