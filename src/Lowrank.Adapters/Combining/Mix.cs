namespace Lowrank.Adapters;

/// <summary>
/// How tensors of one shape become one: pruned first, and added up as they are, or only where they agree with an elected sign.
/// </summary>
/// <remarks>
/// Sources: TIES, Yadav et al. 2023, arXiv 2306.01708; DARE, Yu et al. 2023, arXiv 2311.03099; details as in PEFT 0.21.2, merge_utils.
/// </remarks>
/// <param name="Pruning">What is dropped.</param>
/// <param name="ElectsSigns">Whether entries that disagree with the elected sign are left out, and the rest averaged.</param>
public sealed record Mix(Pruning Pruning, bool ElectsSigns)
{
    /// <summary>The mixed tensor.</summary>
    /// <param name="tensors">Of one shape. Signs are elected before the weights come in.</param>
    /// <param name="weights">One for each.</param>
    /// <param name="options">Density and the way to elect.</param>
    /// <param name="mask">Draws a mask of a shape, 1 for what is kept.</param>
    internal Tensor Of(IReadOnlyList<Tensor> tensors, IReadOnlyList<double> weights, CombineOptions options, Func<long[], Tensor> mask)
    {
        using var scope = NewDisposeScope();
        List<Tensor> pruned = [.. tensors.Select(t => Prune(t, options.Density, mask))];
        var weighted = pruned.Zip(weights, (t, weight) => t * weight).ToList();
        if (!ElectsSigns) return scope.MoveToOuter(weighted.Aggregate((sum, t) => sum + t));
        var votes = options.Majority == MajoritySign.Total ? pruned : pruned.ConvertAll(t => t.sign());
        var elected = votes.Aggregate((sum, t) => sum + t) >= 0;
        // An entry agrees when its sign is the elected one, so that zeros never do.
        Tensor Agrees(Tensor t) => elected.logical_and(t > 0).logical_or(elected.logical_not().logical_and(t < 0)).to(t.dtype);
        var agree = pruned.ConvertAll(Agrees);
        var total = weighted.Zip(agree, (t, one) => t * one).Aggregate((sum, t) => sum + t);
        return scope.MoveToOuter(total / agree.Aggregate((sum, t) => sum + t).clamp(min: 1));
    }

    Tensor Prune(Tensor tensor, double density, Func<long[], Tensor> mask)
    {
        if (Pruning == Pruning.Random)
        {
            var kept = mask(tensor.shape).reshape(tensor.shape).to(tensor.dtype).to(tensor.device);
            return tensor * kept / density;
        }
        if (Pruning == Pruning.None) return tensor;
        var flat = tensor.reshape(-1);
        long count = (long)(density * flat.shape[0]);
        var largest = flat.abs().topk((int)count, 0).indexes;
        return zeros_like(flat).index_copy(0, largest, flat.index_select(0, largest)).reshape(tensor.shape);
    }
}
