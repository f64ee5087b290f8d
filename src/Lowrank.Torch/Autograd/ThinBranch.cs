namespace Lowrank.Torch;

/// <summary>The branch of thin factors beside a layer, x to A to B, added to the layer's answer: for calls that nothing goes back
/// through.</summary>
/// <remarks>Nothing of the answer's size is made beside the answer, where that may be written to.</remarks>
public static class ThinBranch
{
    /// <summary>A linear layer's answer with (x Aᵀ) Bᵀ added.</summary>
    /// <param name="answer">The layer's own, (..., out).</param>
    /// <param name="x">What the layer was asked, (..., in).</param>
    /// <param name="down">A, (rank, in), in x's dtype.</param>
    /// <param name="up">B, (out, rank), in x's dtype.</param>
    /// <param name="overwrites">Whether nobody else needs the answer's memory.</param>
    public static Tensor Added(Tensor answer, Tensor x, Tensor down, Tensor up, bool overwrites)
    {
        using var scope = NewDisposeScope();
        var low = Low(x.reshape(-1, x.shape[^1]), down);
        if (!MayWriteTo(answer, x, overwrites))
            return scope.MoveToOuter(answer + nn.functional.linear(low, up).view(answer.shape));
        Add(answer, low, up);
        return answer;
    }

    /// <summary>A convolution's answer with the branch added: A walks over the input as the layer does, B over what that gives.</summary>
    /// <param name="answer">The layer's own, (B, out, places...).</param>
    /// <param name="x">What the layer was asked, (B, in, places...).</param>
    /// <param name="walk">How the layer walks; neither transposed nor in groups.</param>
    /// <param name="down">A, (rank, in, kernel...), in x's dtype.</param>
    /// <param name="up">B, (out, rank), in x's dtype.</param>
    /// <param name="overwrites">Whether nobody else needs the answer's memory.</param>
    public static Tensor Added(Tensor answer, Tensor x, ConvolutionWalk walk, Tensor down, Tensor up, bool overwrites)
    {
        using var scope = NewDisposeScope();
        var low = walk.Run(x, down, null);   // (B, rank, places...)
        long[] shape = answer.shape;
        long batch = shape[0], outputs = shape[1], ranks = up.shape[1];
        var columns = low.reshape(batch, ranks, -1);
        if (!MayWriteTo(answer, x, overwrites))
            return scope.MoveToOuter(answer + up.expand(batch, outputs, ranks).bmm(columns).view(shape));
        var places = answer.view(batch, outputs, -1);
        using var thread = OwnThread.For(columns.numel() * outputs);
        for (long i = 0; i < batch; i++) places[i].addmm_(up, columns[i], 1, 1);
        return answer;
    }

    static bool MayWriteTo(Tensor answer, Tensor x, bool overwrites) =>
        overwrites && answer.dtype == x.dtype && answer.is_contiguous();

    /// <summary>Rows (tokens, in) times A (rank, in): (tokens, rank).</summary>
    internal static Tensor Low(Tensor rows, Tensor down)
    {
        using var thread = OwnThread.For(rows.numel() * down.shape[0]);
        return nn.functional.linear(rows, down);
    }

    /// <summary>Adds low (tokens, rank) times B (out, rank) to an answer (..., out), in place.</summary>
    internal static void Add(Tensor answer, Tensor low, Tensor up)
    {
        long outputs = answer.shape[^1];
        // Changed through a view, but not returned as one: libtorch lets nobody change a custom function's view in place.
        using var answers = answer.view(-1, outputs);
        using var thread = OwnThread.For(low.numel() * outputs);
        answers.addmm_(low, up.t(), 1, 1);
    }
}
