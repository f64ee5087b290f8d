namespace Lowrank.Bench;

/// <summary>Multiplications and additions of a training step's products.</summary>
static class StepWork
{
    /// <summary>A decoder of <see cref="BenchModel"/>'s with an adapter at every projection.</summary>
    public static double OfDecoder(int depth, long batch, long tokens, long rank)
    {
        const double width = BenchModel.Width;
        double rows = batch * tokens, square = Layer(rows, width, width, rank), wide = Layer(rows, width, 4 * width, rank);
        // q, k and v of the first block read the model's input, whose gradient nobody asks for.
        double unasked = 3 * (2 * rows * width * width + 2 * rows * rank * width);
        return depth * (4 * square + 2 * wide + Attention(batch, tokens, width)) - unasked;
    }

    /// <summary>A chain of layers with an adapter each; the first one's input wants no gradient.</summary>
    public static double OfChain(int layers, long rank)
    {
        const double rows = LinearChain.Tokens, width = LinearChain.Width;
        return layers * Layer(rows, width, width, rank) - (2 * rows * width * width + 2 * rows * rank * width);
    }

    // The weight forward and for the input's gradient. The factors forward, for the input's gradient, and for their own.
    static double Layer(double rows, double from, double to, double rank) => 2 * 2 * rows * from * to + 3 * 2 * rows * rank * (from + to);

    // Two products forward and five back, as the kernel computes the logits anew; causal: half of each.
    static double Attention(double batch, double tokens, double width) => 7 * 2 * batch * tokens * tokens * width / 2;
}
