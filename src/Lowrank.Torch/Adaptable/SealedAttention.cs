namespace Lowrank.Torch;

/// <summary>
/// An attention module: one weight of queries, keys and values, or three where their widths differ, and one of the answer.
/// </summary>
sealed class SealedAttention : SealedModule
{
    readonly TorchSharp.Modules.MultiheadAttention module;
    readonly bool isJoint;
    readonly AttentionWalk? walk;
    double? dropout;

    /// <summary>Of a module.</summary>
    public SealedAttention(TorchSharp.Modules.MultiheadAttention module) : base(module)
    {
        this.module = module;
        isJoint = Parameter("in_proj_weight") is not null;
        string? bias = Parameter("in_proj_bias") is null ? null : "in_proj_bias";
        string? last = Parameter("out_proj.bias") is null ? null : "out_proj.bias";
        List<SealedWeight> weights = isJoint
            ? [new(this, "in_proj", "in_proj_weight", bias)]
            : [.. new[] { "q_proj", "k_proj", "v_proj" }.Select(name => new SealedWeight(this, name, $"{name}_weight", null))];
        weights.Add(new(this, "out_proj", "out_proj.weight", last));
        Weights = weights;
        bool runs = isJoint || Parameter("k_proj_weight")!.shape[1] == Parameter("v_proj_weight")!.shape[1];
        walk = runs ? Found() : null;
        if (walk is not null) return;
        Weights = [];
        Reason = runs
            ? Untold("its answers do not tell how many heads it has, as linear layers would")
            : "libtorch itself runs none whose keys and values differ in width";
    }

    // TorchSharp does not tell its heads: those with which it gives its own answer.
    AttentionWalk? Found()
    {
        foreach (double size in new[] { 1.0, 5, 25 })
            if (SealedProbe.InEvaluation(module, () => HeadsAt(size)) is var (heads, addsZero))
                return new(heads, addsZero);
        return null;
    }

    (long Heads, bool AddsZero)? HeadsAt(double size)
    {
        var input = Probe(size);
        var (answer, shares) = module.forward(input.Query, input.Key, input.Value, null!, true, null!);
        bool addsZero = shares.shape[^1] > input.Key.shape[0] + (More is null ? 0 : 1);
        long channels = input.Query.shape[^1];
        var heads = Enumerable.Range(1, (int)channels).Where(h => channels % h == 0).ToList();
        var now = Projections([.. Weights.Select(one => (one.Weight.Dense(), one.Bias))]);
        var answers = heads.Select(h => new AttentionWalk(h, addsZero).Run(input, now, More, 0).Answer);
        return SealedProbe.Matching(answer, answers) is { } found ? (heads[found], addsZero) : null;
    }

    AttentionInput Probe(double size)
    {
        var last = Parameter("out_proj.weight")!;
        long channels = last.shape[1];
        Tensor Of(string weight, long tokens) =>
            SealedProbe.Input(last, size, tokens, 2, isJoint ? channels : Parameter(weight)!.shape[1]);
        return new(SealedProbe.Input(last, size, 4, 2, channels), Of("k_proj_weight", 5), Of("v_proj_weight", 5).flip(0), null, null);
    }

    (Tensor Key, Tensor Value)? More => Parameter("bias_k") is { } key ? (key, Parameter("bias_v")!) : null;

    // Of queries, keys, values and the answer.
    (Tensor Weight, Tensor? Bias)[] Projections(IReadOnlyList<(Tensor Weight, Tensor? Bias)> now)
    {
        var last = now[^1];
        if (isJoint)
        {
            var (weights, biases) = (now[0].Weight.chunk(3), now[0].Bias?.chunk(3));
            return [(weights[0], biases?[0]), (weights[1], biases?[1]), (weights[2], biases?[2]), last];
        }
        if (now.SkipLast(1).Any(one => one.Bias is not null))
            throw new LowrankException("the projections of queries, keys and values of an attention whose widths differ share one bias " +
                "(in_proj_bias), and an adapter gives one of them its own: leave the bias out");
        var shared = Parameter("in_proj_bias")?.chunk(3);
        return [.. now.SkipLast(1).Select((one, i) => (one.Weight, shared?[i])), last];
    }

    Tuple<Tensor, Tensor> Run(
        AttentionInput input, IReadOnlyList<(Tensor Weight, Tensor? Bias)> now, bool wantsShares, Tuple<Tensor, Tensor> own)
    {
        double dropped = module.training ? dropout ??= FoundDropout() : 0;
        var (answer, shares) = walk!.Run(input, Projections(now), More, dropped);
        return new(answer, wantsShares ? shares : own.Item2);
    }

    double FoundDropout()
    {
        var input = Probe(1);
        var own = Projections([.. Weights.Select(one => (one.Weight.Dense(), one.Bias))]);
        return SealedProbe.Dropout(
            () => module.forward(input.Query, input.Key, input.Value, null!, true, null!).Item2,
            dropped => walk!.Run(input, own, More, dropped).Shares) ?? throw SealedProbe.Unknown(module);
    }

    protected override Delegate Answering =>
        (nn.Module<Tensor, Tensor, Tensor, Tensor, bool, Tensor, Tuple<Tensor, Tensor>> _, Tensor query, Tensor key, Tensor value,
            Tensor padding, bool wantsShares, Tensor mask, Tuple<Tensor, Tensor> answer) => Answer(
            answer,
            now => Run(new(query, key, value, padding, mask), now, wantsShares, answer),
            (scope, of) => new(scope.MoveToOuter(of.Item1), wantsShares ? scope.MoveToOuter(of.Item2) : of.Item2));
}
