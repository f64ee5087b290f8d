namespace Lowrank.Graphs;

/// <summary>A denoising network that is asked under several conditions at once, each with its place, weight and adapters.</summary>
/// <remarks>
/// After ComfyUI's comfy/samplers.py (a125cd8), calc_cond_batch: where several conditions of a side hold at one place, the clean estimate
/// is the mean of theirs by their weights.
/// </remarks>
/// <param name="model">The network with what nodes changed in it; its own weights' changes are done already.</param>
/// <param name="network">The same, ready to be asked.</param>
/// <param name="timeline">How strongly hooks act.</param>
sealed class ConditionedNetwork(ModelValue model, DenoisingNetwork network, HookTimeline timeline) : IDisposable
{
    // Keeps a mean over no weight at 0 (as ComfyUI does).
    const double nothing = 1e-37;

    IReadOnlyList<AdapterChange> hooked = [];
    IDisposable? hooks;

    /// <summary>How its answers are read.</summary>
    public ModelSampling Sampling => model.Sampling;

    sealed record Asked(PlacedCondition Condition, int Side, Tensor Weight)
    {
        // Those of one shape go through the network together.
        public (long Height, long Width, long Tokens) Shape => (Weight.shape[2], Weight.shape[3], Condition.Told.Context.shape[1]);
    }

    /// <summary>The clean estimate of every side; zeros where nothing holds.</summary>
    /// <param name="sides">Conditions by side; null for one that is not asked.</param>
    /// <param name="x">Noisy samples x₀ + σ·ε, (N, C, H, W).</param>
    /// <param name="sigma">σ.</param>
    /// <param name="changes">What is done otherwise inside of the network.</param>
    /// <param name="watch">Told what the coarsest self-attention looks at; null for nobody.</param>
    public IReadOnlyList<Tensor> Estimates(
        IReadOnlyList<IReadOnlyList<PlacedCondition>?> sides, Tensor x, double sigma, UNetChanges changes, AttentionWatch? watch = null)
    {
        using var scope = NewDisposeScope();
        var sums = sides.Select(_ => zeros_like(x)).ToList();
        var weights = sides.Select(_ => full_like(x, nothing)).ToList();
        foreach (var (weightChanges, group) in ByHooks(Holding(sides, x, sigma), sigma))
        {
            Hook(weightChanges);
            foreach (var batch in group.GroupBy(asked => asked.Shape))
            {
                using var call = NewDisposeScope();
                Asked[] all = [.. batch];
                var estimates = Ask(all, x, sigma, changes, watch).chunk(all.Length);
                for (int i = 0; i < all.Length; i++)
                {
                    all[i].Condition.PartOf(sums[all[i].Side]).add_(estimates[i] * all[i].Weight);
                    all[i].Condition.PartOf(weights[all[i].Side]).add_(all[i].Weight);
                }
            }
        }
        return [.. sums.Zip(weights, (sum, weight) => scope.MoveToOuter(sum / weight))];
    }

    Tensor Ask(Asked[] batch, Tensor x, double sigma, UNetChanges changes, AttentionWatch? watch)
    {
        var samples = cat([.. batch.Select(asked => asked.Condition.PartOf(x))]);
        NetworkCondition[] each = [.. batch.Select(asked => asked.Condition.Told with { Beside = Shown(asked.Condition) })];
        var told = each[0];
        foreach (var next in each[1..]) told = told.Then(next)!;   // texts of a batch have one length
        var scaled = samples * Sampling.InputScale(sigma);
        if (watch is not null) changes = watch.In(changes, [.. batch.Select(asked => asked.Side)], x.shape[0]);
        var level = NoiseLevel.Exploding(sigma, Sampling.Timestep(sigma));
        return Sampling.Clean(network.Ask(scaled, level, told, changes), samples, sigma);
    }

    static Tensor? Shown(PlacedCondition condition) => condition.Shown is { } shown ? condition.PartOf(shown) : null;

    static List<Asked> Holding(IReadOnlyList<IReadOnlyList<PlacedCondition>?> sides, Tensor x, double sigma)
    {
        var holding = new List<Asked>();
        for (int side = 0; side < sides.Count; side++)
        {
            var present = (sides[side] ?? []).Where(condition => condition.HoldsAt(sigma)).ToLookup(condition => condition.IsDefault);
            holding.AddRange(present[false].Select(condition => new Asked(condition, side, condition.Weight)));
            if (!present[true].Any()) continue;
            var left = Left(present[false], x);
            if (left.max().item<float>() == 0) continue;
            holding.AddRange(present[true].Select(condition => new Asked(condition, side, condition.PartOf(left))));
        }
        return holding;
    }

    // 1 less what conditions weigh at each place, (N, 1, H, W): where those hold that fill up what the others leave.
    static Tensor Left(IEnumerable<PlacedCondition> conditions, Tensor x)
    {
        var left = ones_like(x.narrow(1, 0, 1));
        foreach (var condition in conditions) condition.PartOf(left).sub_(condition.Weight);
        return left.relu_();
    }

    List<(IReadOnlyList<AdapterChange> Changes, List<Asked> Group)> ByHooks(List<Asked> holding, double sigma)
    {
        var groups = new List<(IReadOnlyList<AdapterChange> Changes, List<Asked> Group)>();
        foreach (var asked in holding)
        {
            var changes = timeline.At(asked.Condition.Hooks, sigma);
            int known = groups.FindIndex(group => group.Changes.SequenceEqual(changes));
            if (known < 0) groups.Add((changes, [asked]));
            else groups[known].Group.Add(asked);
        }
        return groups;
    }

    void Hook(IReadOnlyList<AdapterChange> changes)
    {
        if (changes.SequenceEqual(hooked)) return;
        hooks?.Dispose();
        (hooks, hooked) = (null, []);
        hooks = changes.Apply(model.Base.Model);
        hooked = changes;
    }

    /// <summary>Takes the hooks' adapters out of the network.</summary>
    public void Dispose() => hooks?.Dispose();
}
