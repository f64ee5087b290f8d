namespace Lowrank.Torch;

/// <summary>Channels of a butterfly that meet each other in a few consecutive levels, and no others there.</summary>
/// <remarks>
/// With 2^First strides, channels are (outer, 2^Levels places, strides, half): a bundle has all places of one outer and one stride. Level
/// First + j of it has blocks (up, low), low of 2ʲ, each of two places (up, 2, low), half channels of either.
/// </remarks>
/// <param name="First">First level.</param>
/// <param name="Levels">How many.</param>
/// <param name="Half">Half a block's size.</param>
/// <param name="Blocks">Blocks of a whole level.</param>
/// <param name="Index">Which of them: (outer, stride).</param>
readonly record struct ButterflyBundle(int First, int Levels, int Half, long Blocks, long Index)
{
    const int Tokens = TokenPanel.Tokens;

    int Places => 1 << Levels;

    int Run => Half * Tokens;   // numbers of a place

    long Outer => Index >> First;

    long Stride => Index & ((1L << First) - 1);

    // Numbers between the places in a panel, and before the first one.
    long Step => (long)Run << First;

    long Start => Outer * Places * Step + Stride * Run;

    /// <summary>Turns the bundle's channels of a panel in place.</summary>
    /// <param name="rotations">R of all levels.</param>
    /// <param name="panel">The whole panel.</param>
    /// <param name="scratch">Room for the bundle twice.</param>
    public unsafe void Turn(float* rotations, float* panel, float* scratch)
    {
        float* room = scratch, other = scratch + Places * Run;
        var (from, own) = (Source(panel, scratch), new Seat((nint)(panel + Start), Step));
        for (int level = 0; level < Levels; level++)
        {
            var to = level == Levels - 1 ? own : new((nint)other, Run);
            for (int pair = 0; pair < Places / 2; pair++)
            {
                var (even, odd, matrix) = Pair(level, pair);
                ButterflyBlock.Turn(from.Runs(even, odd), rotations + matrix, false, to.Runs(even, odd), Half);
            }
            from = to;
            Swap(ref room, ref other);
        }
    }

    /// <summary>Turns g and y back in place, and adds each level's Σ g yᵀ, g behind it and y before it: ∂R.</summary>
    /// <param name="rotations">R of all levels.</param>
    /// <param name="gradient">The panel of g.</param>
    /// <param name="answer">The panel of y.</param>
    /// <param name="sums">∂R of all levels.</param>
    /// <param name="scratch">Room for the bundle four times.</param>
    public unsafe void TurnBack(float* rotations, float* gradient, float* answer, float* sums, float* scratch)
    {
        float* room = scratch, other = scratch + 2 * Places * Run;
        var (g, y) = (Source(gradient, room), Source(answer, room + Places * Run));
        for (int level = Levels - 1; level >= 0; level--)
        {
            bool last = level == 0;
            var gTo = last ? new Seat((nint)(gradient + Start), Step) : new((nint)other, Run);
            var yTo = last ? new Seat((nint)(answer + Start), Step) : new((nint)(other + Places * Run), Run);
            for (int pair = 0; pair < Places / 2; pair++)
            {
                var (even, odd, matrix) = Pair(level, pair);
                var (gBehind, yBefore) = (g.Runs(even, odd), yTo.Runs(even, odd));
                ButterflyBlock.Turn(y.Runs(even, odd), rotations + matrix, true, yBefore, Half);
                ButterflyBlock.AddMoments(gBehind, yBefore, sums + matrix, Half);
                ButterflyBlock.Turn(gBehind, rotations + matrix, true, gTo.Runs(even, odd), Half);
            }
            (g, y) = (gTo, yTo);
            Swap(ref room, ref other);
        }
    }

    // Where the places lie, and how many numbers apart.
    readonly record struct Seat(nint Start, long Step)
    {
        public unsafe ButterflyBlock.Runs Runs(int even, int odd) =>
            new((nint)((float*)Start + even * Step), (nint)((float*)Start + odd * Step));
    }

    // The panel itself, where the first level does not write there; else a copy.
    unsafe Seat Source(float* panel, float* room)
    {
        float* own = panel + Start;
        if (Levels > 1) return new((nint)own, Step);
        for (int place = 0; place < Places; place++)
            new ReadOnlySpan<float>(own + place * Step, Run).CopyTo(new Span<float>(room + place * Run, Run));
        return new((nint)room, Run);
    }

    static unsafe void Swap(ref float* one, ref float* other)
    {
        float* first = one;
        one = other;
        other = first;
    }

    // The places of a level's pair, and where its block begins among the matrices.
    (int Even, int Odd, long Matrix) Pair(int level, int pair)
    {
        int low = pair & ((1 << level) - 1), up = pair >> level, even = (up << (level + 1)) | low;
        long block = ((((Outer << (Levels - 1 - level)) + up) << level) + low << First) + Stride;
        return (even, even + (1 << level), ((First + level) * Blocks + block) * (4 * Half * Half));
    }
}
