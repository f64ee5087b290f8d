namespace Lowrank.Torch;

/// <summary>A butterfly that turns tokens level by level in the processor's caches: every level costs its products alone, where libtorch
/// would fold blocks, gather channels and put them back.</summary>
/// <remarks>
/// Tokens go through it 64 at a time. Of these a few consecutive levels (a stage) are done for some channels that meet in them (a bundle)
/// before the next ones are touched.
/// Where there are fewer panels than threads, the threads share each stage's bundles.
/// </remarks>
sealed unsafe class ButterflyKernel
{
    const int StageLevels = 3;   // a bundle of g and y, with what comes of them, within the first cache or near it
    const long WidestBlock = 64;   // of wider ones libtorch's products in bfloat16 are faster

    readonly Tensor rotations;
    readonly int levels, half, stages, threads;
    readonly long blocks, size, width;

    /// <summary>A butterfly of given blocks.</summary>
    /// <param name="rotations">R as <see cref="ButterflyLinear"/> has it.</param>
    /// <param name="threads">How many may work on it.</param>
    public ButterflyKernel(Tensor rotations, int threads)
    {
        (this.rotations, this.threads) = (rotations.contiguous(), threads);
        (levels, blocks, size) = ((int)rotations.shape[0], rotations.shape[1], rotations.shape[2]);
        (half, width, stages) = ((int)size / 2, blocks * size, (levels + StageLevels - 1) / StageLevels);
    }

    /// <summary>Whether it turns such tokens by such blocks.</summary>
    public static bool Suits(Tensor tokens, Tensor rotations)
    {
        bool blocksFit = rotations.dtype == ScalarType.Float32 && rotations.shape[2] <= WidestBlock;
        return blocksFit && TokenPanel.Suits(tokens);
    }

    /// <summary>Turns tokens (count, width), contiguous, in place.</summary>
    public void Turn(Tensor tokens)
    {
        var (matrix, turns) = (new Matrix(tokens), Address(rotations));
        long panels = Panels(matrix.Count);
        int outer = Outer(panels), inner = Inner(panels);
        Shares.Run(panels, outer, (_, from, to) =>
        {
            using var room = new FloatBlock(Panel + inner * Scratch);
            float* panel = room.Start, scratches = panel + Panel;
            for (long i = from; i < to; i++)
            {
                Channels(inner, (first, after) => matrix.Fill(i, panel, null, first, after));
                for (int stage = 0; stage < stages; stage++)
                    Bundles(stage, inner, scratches, (bundle, scratch) => bundle.Turn((float*)turns, panel, (float*)scratch));
                Channels(inner, (first, after) => matrix.Empty(i, panel, first, after));
            }
        });
        GC.KeepAlive(tokens);
        GC.KeepAlive(rotations);
    }

    /// <summary>The answer's gradient turned back, and ∂R, float32.</summary>
    /// <param name="gradient">Of the answer, (count, width).</param>
    /// <param name="answer">What <see cref="Turn"/> made, and a bias was added to.</param>
    /// <param name="bias">That, (width), or null.</param>
    public (Tensor TurnedBack, Tensor Gradients) TurnBack(Tensor gradient, Tensor answer, Tensor? bias)
    {
        var (g, y, back) = (gradient.contiguous(), answer.to(gradient.dtype).contiguous(), empty_like(gradient).contiguous());
        var (gradients, shift) = (zeros_like(rotations), bias?.to(ScalarType.Float32).contiguous());
        nint shifts = shift is null ? 0 : Address(shift);
        var (given, made, result, turns) = (new Matrix(g), new Matrix(y), new Matrix(back), Address(rotations));
        long panels = Panels(given.Count);
        int outer = Outer(panels), inner = Inner(panels);
        var sums = new FloatBlock?[outer];   // of every share but the first, whose sums are the result
        Shares.Run(panels, outer, (share, from, to) =>
        {
            using var room = new FloatBlock(2 * Panel + inner * Scratch);
            float* gPanel = room.Start, yPanel = gPanel + Panel, scratches = yPanel + Panel;
            var own = share == 0 ? (float*)Address(gradients) : (sums[share] = FloatBlock.Zeros(rotations.numel())).Start;
            for (long i = from; i < to; i++)
            {
                Channels(inner, (first, after) =>
                {
                    given.Fill(i, gPanel, null, first, after);
                    made.Fill(i, yPanel, (float*)shifts, first, after);
                });
                for (int stage = stages - 1; stage >= 0; stage--)
                    Bundles(stage, inner, scratches, (bundle, scratch) =>
                        bundle.TurnBack((float*)turns, gPanel, yPanel, own, (float*)scratch));
                Channels(inner, (first, after) => result.Empty(i, gPanel, first, after));
            }
        });
        foreach (var more in sums)
        {
            more?.AddTo((float*)Address(gradients));
            more?.Dispose();
        }
        GC.KeepAlive(g);
        GC.KeepAlive(y);
        GC.KeepAlive(shift);
        GC.KeepAlive(rotations);
        return (back, gradients);
    }

    // Tokens (count, width), contiguous.
    readonly struct Matrix(Tensor tokens)
    {
        readonly ScalarType dtype = tokens.dtype;
        readonly nint start = MemoryRange.Of(tokens).First;
        readonly long width = tokens.shape[1], row = tokens.shape[1] * tokens.ElementSize;

        public long Count { get; } = tokens.shape[0];

        public void Fill(long panel, float* into, float* bias, long first, long after) =>
            TokenPanel.Fill(dtype, At(panel), width, Left(panel), into, bias, first, after);

        public void Empty(long panel, float* from, long first, long after) =>
            TokenPanel.Empty(dtype, At(panel), width, Left(panel), from, first, after);

        nint At(long panel) => start + (nint)(panel * TokenPanel.Tokens * row);

        long Left(long panel) => Math.Min(TokenPanel.Tokens, Count - panel * TokenPanel.Tokens);
    }

    static nint Address(Tensor tensor) => MemoryRange.Of(tensor).First;

    static long Panels(long tokens) => (tokens + TokenPanel.Tokens - 1) / TokenPanel.Tokens;

    // Threads for panels, and threads within a panel.
    int Outer(long panels) => panels < threads ? 1 : threads;

    int Inner(long panels) => panels < threads ? threads : 1;

    void Channels(int threads, Action<long, long> body) => Shares.Run(
        (width + Lanes.Count - 1) / Lanes.Count, threads, (_, from, to) => body(from * Lanes.Count, Math.Min(to * Lanes.Count, width)));

    // Numbers of a panel, and of what the widest bundle needs beside it.
    long Panel => width * TokenPanel.Tokens;

    long Scratch => 4L * (1 << StageLevels) * half * TokenPanel.Tokens;

    void Bundles(int stage, int threads, float* scratches, Action<ButterflyBundle, nint> body)
    {
        var (first, after) = (levels * stage / stages, levels * (stage + 1) / stages);
        Shares.Run(width / half >> (after - first), threads, (share, from, to) =>
        {
            nint scratch = (nint)(scratches + share * Scratch);
            for (long i = from; i < to; i++) body(new(first, after - first, half, blocks, i), scratch);
        });
    }
}
