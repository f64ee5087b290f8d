namespace Lowrank.Torch.Layers;

/// <summary>y = x Wᵀ + b, adaptable; weight (out, in), bias (out).</summary>
public sealed class Linear : AdaptableLayer
{
    /// <summary>A layer of uninitialized weights.</summary>
    public Linear(long inFeatures, long outFeatures, bool bias = true, Storage? storage = null)
        : base(nameof(Linear), storage, [outFeatures, inFeatures], bias ? outFeatures : 0) { }

    /// <summary>A layer whose weight is an embedding's table, one parameter in two places: the tied head of a language model.</summary>
    /// <param name="table">Whose weight (vocabulary, width) is taken as (out, in); an adapter of one of the two changes it alone.</param>
    /// <param name="bias">Whether there is a bias, which is the layer's own.</param>
    /// <param name="storage">Where and in which dtype the bias is kept.</param>
    public Linear(Embedding table, bool bias = false, Storage? storage = null)
        : base(nameof(Linear), table, bias ? table.Weight.Shape[0] : 0, storage) { }

    /// <inheritdoc/>
    public override LayerKind Kind => LayerKind.Linear;

    /// <inheritdoc/>
    public override Tensor Run(Tensor x, Tensor weight, Tensor? bias) =>
        !Checkpoint.IsRepeated && RowProduct.Suits(x, weight, bias)
        ? RowProduct.Run(x, weight, bias)
        : LinearProduct.Run(x, Like(weight, x), Like(bias, x));

    /// <summary>The answers of layers that are asked of the same few tokens, each as by a call.</summary>
    /// <param name="x">The tokens.</param>
    /// <param name="dtype">In which the model computes: what adapters are asked in.</param>
    /// <param name="asked">The layers, and where each answer is written.</param>
    /// <exception cref="ShapeException">A layer takes or gives other widths.</exception>
    /// <exception cref="LowrankException">This thread may not take this way (<see cref="TokenRows.ArePossible"/>).</exception>
    public static void Run(TokenRows x, ScalarType dtype, params (Linear Layer, TokenRows Answer)[] asked)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(asked);
        TokenRows.RefuseImpossible();
        var tasks = new List<RowTask>(asked.Length);
        foreach (var (layer, answer) in asked)
        {
            layer.RefuseUnfit(x, answer);
            if (layer.TaskOf(x, answer, dtype) is { } task) tasks.Add(task);
            else layer.RunCalled(x, answer, dtype);
        }
        if (tasks.Count > 0) RowProduct.Run([.. tasks]);
        GC.KeepAlive(asked);
    }

    void RefuseUnfit(TokenRows x, TokenRows answer)
    {
        if (Weight is not IPackedWeight && x.Count == answer.Count && FewRows.IsMatrix(Weight.Dense(), answer.Width, x.Width)) return;
        long[] shape = Weight.Shape;
        x.Expect(x.Count, shape[1], "inputs of the layer");
        answer.Expect(x.Count, shape[0], "answers of the layer");
    }

    // Null where the layer is to be called.
    RowTask? TaskOf(TokenRows x, TokenRows answer, ScalarType dtype)
    {
        if (!TokenRows.MayPass(this)) return null;
        var branch = Host?.BranchOf(this, dtype);
        if (Host is not null && branch is null) return null;
        if (TaskOf(x, answer) is not { } task) return null;
        if (branch is not null) task.Add(branch.Begin());
        return task;
    }

    RowTask? TaskOf(TokenRows x, TokenRows answer)
    {
        if (Weight is IPackedWeight packed)
        {
            if (!packed.Takes(x.Count) || !FewRows.IsPlain(Bias)) return null;
            return RowTask.Of(x, (first, after) => packed.Multiply(x, answer, first, after), Bias, answer);
        }
        var weight = Weight.Dense();
        if (!RowProduct.Takes(weight, Bias, answer.Width, x.Width)) return null;
        return RowTask.Of(x, weight, Bias, answer.Address, answer.Width, isNarrow: false);
    }

    void RunCalled(TokenRows x, TokenRows answer, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        answer.Take(call(x.Told(dtype)));
    }

    /// <inheritdoc/>
    protected override Tensor Run(Tensor x, IPackedWeight packed) => FrozenLinear.Run(x, packed, Bias);
}
