using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lowrank.Torch;

/// <summary>The linear maps of Winograd's F(4x4, 3x3): a kernel of 3x3 and a patch of 6x6 become 36 numbers each, whose products, summed
/// over channels, become 4x4 answers. Each vector holds sixteen channels of one place.</summary>
/// <remarks>
/// With points 0, ±a, ±b and infinity (Toom and Cook's interpolation; Lavin and Gray 2015, arXiv:1509.09308, with 1 and 2 for a and b).
/// 5/8 and 3/2 are exact too, and nearer to each other's inverse: less is lost where answers of unlike size are added.
/// </remarks>
static unsafe class WinogradTransforms
{
    /// <summary>Numbers that stand for a patch or a kernel: values at 6x6 points.</summary>
    public const int Points = 36;

    /// <summary>Side of the answer's tiles.</summary>
    public const int Tile = 4;

    /// <summary>Side of the patch that a tile is made of.</summary>
    public const int Patch = 6;

    const int Lane = Lanes.Count;
    const float A = 0.625f, B = 1.5f, A2 = A * A, B2 = B * B;
    const float AtZero = 1 / (A2 * B2), AtA = 1 / (2 * A2 * (A2 - B2)), AtB = 1 / (2 * B2 * (B2 - A2));

    /// <summary>Kernels to points.</summary>
    /// <param name="taps">Nine vectors, one after the other.</param>
    /// <param name="points">36 vectors.</param>
    /// <param name="step">Numbers from one point to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OfKernel(float* taps, float* points, long step)
    {
        var (t00, t01, t02) = (Vector512.Load(taps), Vector512.Load(taps + Lane), Vector512.Load(taps + 2 * Lane));
        var (t10, t11, t12) = (Vector512.Load(taps + 3 * Lane), Vector512.Load(taps + 4 * Lane), Vector512.Load(taps + 5 * Lane));
        var (t20, t21, t22) = (Vector512.Load(taps + 6 * Lane), Vector512.Load(taps + 7 * Lane), Vector512.Load(taps + 8 * Lane));
        long row = Patch * step;
        Evaluate(t00 * AtZero, t01 * AtZero, t02 * AtZero, points, step);
        var (even0, even1, even2) = (Even(t00, t20, AtA, A2), Even(t01, t21, AtA, A2), Even(t02, t22, AtA, A2));
        var (odd0, odd1, odd2) = (t10 * (A * AtA), t11 * (A * AtA), t12 * (A * AtA));
        Evaluate(even0 + odd0, even1 + odd1, even2 + odd2, points + row, step);
        Evaluate(even0 - odd0, even1 - odd1, even2 - odd2, points + 2 * row, step);
        (even0, even1, even2) = (Even(t00, t20, AtB, B2), Even(t01, t21, AtB, B2), Even(t02, t22, AtB, B2));
        (odd0, odd1, odd2) = (t10 * (B * AtB), t11 * (B * AtB), t12 * (B * AtB));
        Evaluate(even0 + odd0, even1 + odd1, even2 + odd2, points + 3 * row, step);
        Evaluate(even0 - odd0, even1 - odd1, even2 - odd2, points + 4 * row, step);
        Evaluate(t20, t21, t22, points + 5 * row, step);
    }

    /// <summary>Patches to points.</summary>
    /// <param name="places">The patch's first place; those of a row stand one after the other.</param>
    /// <param name="row">Numbers from one row to the next.</param>
    /// <param name="points">36 vectors.</param>
    /// <param name="step">Numbers from one point to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OfPatch(float* places, long row, float* points, long step)
    {
        long next = Patch * step;
        Spread(Ends(places, row, 0), Ends(places, row, 1), Ends(places, row, 2), Ends(places, row, 3), Ends(places, row, 4),
            Ends(places, row, 5), points, step);
        SpreadPair(places, row, -B2, A, points + next, points + 2 * next, step);
        SpreadPair(places, row, -A2, B, points + 3 * next, points + 4 * next, step);
        places += row;
        Spread(Ends(places, row, 0), Ends(places, row, 1), Ends(places, row, 2), Ends(places, row, 3), Ends(places, row, 4),
            Ends(places, row, 5), points + 5 * next, step);
    }

    /// <summary>Points to the answer's tiles.</summary>
    /// <param name="points">36 vectors.</param>
    /// <param name="step">Numbers from one point to the next.</param>
    /// <param name="bias">Added to each place.</param>
    /// <param name="places">The tile's first place; those of a row stand one after the other.</param>
    /// <param name="row">Numbers from one row to the next.</param>
    /// <param name="room">24 vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToTile(float* points, long step, Vector512<float> bias, float* places, long row, float* room)
    {
        for (int i = 0; i < Patch; i++)
            Gather(points + i * step, Patch * step, default, room + i * Lane, Patch * Lane);
        for (int i = 0; i < Tile; i++)
            Gather(room + i * Patch * Lane, Lane, bias, places + i * row, Lane);
    }

    // The values of a polynomial of degree 2 at the points, each divided by the product of the point's distances from the other finite
    // ones.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Evaluate(Vector512<float> g0, Vector512<float> g1, Vector512<float> g2, float* to, long step)
    {
        var (evenA, evenB, oddA, oddB) = (Even(g0, g2, AtA, A2), Even(g0, g2, AtB, B2), g1 * (A * AtA), g1 * (B * AtB));
        (g0 * AtZero).Store(to);
        (evenA + oddA).Store(to + step);
        (evenA - oddA).Store(to + 2 * step);
        (evenB + oddB).Store(to + 3 * step);
        (evenB - oddB).Store(to + 4 * step);
        g2.Store(to + 5 * step);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> Even(Vector512<float> g0, Vector512<float> g2, float scale, float square) =>
        Vector512.FusedMultiplyAdd(g2, Vector512.Create(square * scale), g0 * scale);

    // Coefficients of the products (x - point) over the other finite points, times six places.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Spread(
        Vector512<float> d0, Vector512<float> d1, Vector512<float> d2, Vector512<float> d3, Vector512<float> d4, Vector512<float> d5,
        float* to, long step)
    {
        var (a, b, minusA2, minusB2) = (Vector512.Create(A), Vector512.Create(B), Vector512.Create(-A2), Vector512.Create(-B2));
        var (evenA, oddA) = (Vector512.FusedMultiplyAdd(d2, minusB2, d4), Vector512.FusedMultiplyAdd(d1, minusB2, d3) * a);
        var (evenB, oddB) = (Vector512.FusedMultiplyAdd(d2, minusA2, d4), Vector512.FusedMultiplyAdd(d1, minusA2, d3) * b);
        Ends(d0, d2, d4).Store(to);
        (evenA + oddA).Store(to + step);
        (evenA - oddA).Store(to + 2 * step);
        (evenB + oddB).Store(to + 3 * step);
        (evenB - oddB).Store(to + 4 * step);
        Ends(d1, d3, d5).Store(to + 5 * step);
    }

    // The rows of two points that are each other's negative.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void SpreadPair(float* places, long row, float minusSquare, float point, float* plus, float* minus, long step)
    {
        var (square, scale) = (Vector512.Create(minusSquare), Vector512.Create(point));
        float* upper = places + row, lower = places + 2 * row;
        var (e0, o0) = (Column(lower, row, 0, square), Column(upper, row, 0, square) * scale);
        var (e1, o1) = (Column(lower, row, 1, square), Column(upper, row, 1, square) * scale);
        var (e2, o2) = (Column(lower, row, 2, square), Column(upper, row, 2, square) * scale);
        var (e3, o3) = (Column(lower, row, 3, square), Column(upper, row, 3, square) * scale);
        var (e4, o4) = (Column(lower, row, 4, square), Column(upper, row, 4, square) * scale);
        var (e5, o5) = (Column(lower, row, 5, square), Column(upper, row, 5, square) * scale);
        Spread(e0 + o0, e1 + o1, e2 + o2, e3 + o3, e4 + o4, e5 + o5, plus, step);
        Spread(e0 - o0, e1 - o1, e2 - o2, e3 - o3, e4 - o4, e5 - o5, minus, step);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> Column(float* places, long row, int column, Vector512<float> square) =>
        Vector512.FusedMultiplyAdd(square, Vector512.Load(places + column * Lane), Vector512.Load(places + 2 * row + column * Lane));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> Ends(float* places, long row, int column)
    {
        places += column * Lane;
        return Ends(Vector512.Load(places), Vector512.Load(places + 2 * row), Vector512.Load(places + 4 * row));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> Ends(Vector512<float> first, Vector512<float> third, Vector512<float> fifth) =>
        Vector512.FusedMultiplyAdd(
            first, Vector512.Create(A2 * B2), Vector512.FusedMultiplyAdd(third, Vector512.Create(-A2 - B2), fifth));

    // Powers of the points times what stands at them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Gather(float* from, long step, Vector512<float> added, float* to, long stepTo)
    {
        var (zero, infinite) = (Vector512.Load(from), Vector512.Load(from + 5 * step));
        var (plusA, minusA) = (Vector512.Load(from + step), Vector512.Load(from + 2 * step));
        var (plusB, minusB) = (Vector512.Load(from + 3 * step), Vector512.Load(from + 4 * step));
        var (evenA, oddA, evenB, oddB) = (plusA + minusA, plusA - minusA, plusB + minusB, plusB - minusB);
        (zero + evenA + (evenB + added)).Store(to);
        Sum(oddA, A, oddB, B, added).Store(to + stepTo);
        Sum(evenA, A2, evenB, B2, added).Store(to + 2 * stepTo);
        Sum(oddA, A * A2, oddB, B * B2, infinite + added).Store(to + 3 * stepTo);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> Sum(Vector512<float> first, float scale, Vector512<float> second, float secondScale, Vector512<float> added) =>
        Vector512.FusedMultiplyAdd(
            first, Vector512.Create(scale), Vector512.FusedMultiplyAdd(second, Vector512.Create(secondScale), added));
}
