namespace Lowrank.Adapters;

/// <summary>Masks the singular values of an AdaLoRA adapter that matter least, until a budget of ranks is left.</summary>
/// <remarks>
/// A training loop calls <see cref="Step"/> after the optimizer's step and before gradients are cleared. An entry's importance is
/// |p·∂L/∂p|, smoothed, times its smoothed uncertainty; a rank's is that of its value plus the means of its two vectors. Source: Zhang et
/// al. 2023, arXiv 2303.10512, eq. 8 to 11; order and schedule of PEFT 0.21.2, where ties at the threshold are masked.
/// </remarks>
public sealed class RankAllocator : IDisposable
{
    readonly List<ITriplets> layers;
    readonly RankBudget budget;
    readonly Dictionary<Parameter, (Tensor Importance, Tensor Uncertainty)> averages = new(ReferenceEqualityComparer.Instance);
    Dictionary<ITriplets, Tensor>? kept;

    /// <summary>For the AdaLoRA layers of an adapter.</summary>
    /// <exception cref="LowrankException">There are none, or the budget is out of its range.</exception>
    public RankAllocator(Adapter adapter, RankBudget budget)
    {
        layers = [.. adapter.Targets.Values.OfType<ITriplets>()];
        if (layers.Count == 0) throw new LowrankException($"{adapter.Name} has no AdaLoRA layers to allocate ranks to");
        if (budget.Faults().ToList() is { Count: > 0 } faults) throw new LowrankException(string.Join("; ", faults));
        this.budget = budget;
        First = layers.Sum(layer => (int)layer.Triplets.E.numel());
        Last = Math.Min(First, budget.TargetRank * layers.Count);
    }

    /// <summary>Ranks of all layers at first, and in the end.</summary>
    public int First { get; }

    /// <inheritdoc cref="First"/>
    public int Last { get; }

    /// <summary>Which ranks of a layer are kept, (rank) of booleans; null while nothing was masked. It belongs to the allocator.</summary>
    public Tensor? Kept(ITriplets layer) => kept?.GetValueOrDefault(layer);

    /// <summary>Weighs the gradients of this step and masks what the budget no longer holds. Gives the budget.</summary>
    /// <param name="step">The step, from 1.</param>
    public int Step(int step)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        int end = budget.Total - budget.Final, left = budget.At(step, First, Last);
        // Where the first masks are the last, there are no earlier steps to weigh (PEFT 0.21.2 fails with a KeyError).
        if (step < end || step == 1) Weigh();
        bool due = step > budget.WarmUp && step <= end && step % budget.Every == 0;
        if (step == end || step < end && due) Mask(left);
        else if (step > end) MaskAgain();
        if (step == end) Forget();
        return left;
    }

    /// <summary>
    /// Mean of ‖PPᵀ − I‖ over every A, and B transposed: what is added to the loss, times 0.5 in the paper, to keep the vectors orthogonal.
    /// </summary>
    public static Tensor OrthogonalityLoss(Adapter adapter)
    {
        var norms = adapter.Targets.Values.OfType<ITriplets>().SelectMany(layer =>
        {
            var (a, b, _) = layer.Triplets;
            return new[] { a.Multiply(a.t()), b.t().Multiply(b) };
        }).Select(gram => (gram - eye(gram.shape[0], device: gram.device)).norm()).ToList();
        if (norms.Count == 0) throw new LowrankException($"{adapter.Name} has no AdaLoRA layers");
        return stack(norms).mean();
    }

    /// <summary>What a stopped training needs to go on, by stable names and made if it does not exist yet: averages and masks.</summary>
    public IEnumerable<(string Name, Tensor Value)> State()
    {
        kept ??= layers.ToDictionary(layer => layer, All);
        foreach (var layer in layers)
        {
            foreach (var (name, part) in Named(layer))
            {
                if (!averages.TryGetValue(part, out var held))
                    averages[part] = held = (Nothing(part), Nothing(part));
                yield return ($"{layer.Target.Path}/{name}/importance", held.Importance);
                yield return ($"{layer.Target.Path}/{name}/uncertainty", held.Uncertainty);
            }
            yield return ($"{layer.Target.Path}/kept", kept[layer]);
        }
    }

    static (string Name, Parameter Part)[] Named(ITriplets layer)
    {
        var (a, b, e) = layer.Triplets;
        return [("A", a), ("B", b), ("E", e)];
    }

    static Tensor All(ITriplets layer)
    {
        var values = layer.Triplets.E;
        return ones(values.numel(), dtype: ScalarType.Bool, device: values.device).DetachFromDisposeScope();
    }

    static Tensor Nothing(Parameter part) => zeros_like(part).detach().DetachFromDisposeScope();

    void Weigh()
    {
        foreach (var (_, part) in layers.SelectMany(Named))
        {
            var gradient = part.grad ?? throw new LowrankException(
                "a part of AdaLoRA has no gradient: call Step after backward and before gradients are cleared");
            var now = (part * gradient).abs();
            var (importance, uncertainty) = averages.TryGetValue(part, out var held) ? held : (zeros_like(now), zeros_like(now));
            var next = importance * budget.Beta1 + now * (1 - budget.Beta1);
            var spread = uncertainty * budget.Beta2 + (now - next).abs() * (1 - budget.Beta2);
            Release(part);
            averages[part] = (next.DetachFromDisposeScope(), spread.DetachFromDisposeScope());
        }
    }

    void Mask(int left)
    {
        var scores = layers.ConvertAll(Score);
        ForgetMasks();
        if (left >= First) return;
        kept = [];
        var threshold = cat(scores).sort().Values[First - left - 1];   // ties with it are masked
        for (int i = 0; i < layers.Count; i++) kept[layers[i]] = (scores[i] > threshold).DetachFromDisposeScope();
        MaskAgain();
    }

    void MaskAgain()
    {
        foreach (var (layer, mask) in kept ?? []) layer.Triplets.E.mul_(mask.unsqueeze(1).to(ScalarType.Float32));
    }

    // (rank): the value's score and the means of its vectors'.
    Tensor Score(ITriplets layer)
    {
        var (a, b, e) = layer.Triplets;
        Tensor Of(Parameter part) => averages[part].Importance * averages[part].Uncertainty;
        return Of(e).reshape(-1) + Of(a).mean([1]) + Of(b).mean([0]);
    }

    void Release(Parameter part)
    {
        if (!averages.Remove(part, out var held)) return;
        held.Importance.Dispose();
        held.Uncertainty.Dispose();
    }

    void Forget()
    {
        foreach (var part in averages.Keys.ToList()) Release(part);
    }

    void ForgetMasks()
    {
        foreach (var mask in kept?.Values ?? Enumerable.Empty<Tensor>()) mask.Dispose();
        kept = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Forget();
        ForgetMasks();
    }
}
