namespace Lowrank.Adapters;

/// <summary>
/// A LoRA that acts from the last of its invocation sequences on: what stands before it in a row is as the base computes it, so that its
/// keys and values serve the base and others too. A row without the sequence is the base's.
/// </summary>
/// <remarks>No weight can hold it. Source: Greenewald et al. 2025, arXiv 2504.12397; PEFT 0.21.2.</remarks>
/// <param name="inner">The LoRA; taken over.</param>
/// <param name="invocation">The ids that switch it on.</param>
sealed class Activated(Lora inner, IReadOnlyList<long> invocation) : Wrapper<Reparameterization>(inner)
{
    /// <summary>The field that tells the ids.</summary>
    internal const string Field = "alora_invocation_tokens";

    /// <summary>The ids that switch it on.</summary>
    public override IReadOnlyList<long> Invocation => invocation;

    /// <inheritdoc/>
    public override bool DependsOnInput => true;

    /// <inheritdoc/>
    public override bool HasBranch => true;

    /// <inheritdoc/>
    public override Tensor Apply(Tensor weight, double strength) => strength == 0 ? weight : throw new LowrankException(
        $"an aLoRA acts from its invocation tokens on, which no weight can tell, so that it cannot be merged, at {Target}. Leave it " +
        "attached");

    /// <inheritdoc/>
    public override Tensor Forward(Tensor x, IAdaptable layer, double strength) => layer.Run(x) + Branch(x, layer, strength);

    /// <inheritdoc/>
    public override Tensor Branch(Tensor x, IAdaptable layer, double strength)
    {
        var branch = Inner.Branch(x, layer, strength);
        return branch * Acting(x, branch.dim()).to(branch.dtype);
    }

    // 1 where it acts: (rows, tokens, 1), or the same laid out as the layer is asked.
    Tensor Acting(Tensor x, long axes)
    {
        var ids = CallTokens.Current?.Ids ?? throw Lost("is asked outside of the model's body, where no ids are known");
        var acting = From(ids);
        var (rows, seen) = acting.shape;
        bool isFlat = axes == 2 && x.shape[0] % rows == 0;
        long tokens = isFlat ? x.shape[0] / rows : x.shape[1];
        bool fits = tokens <= seen && (isFlat || axes == 3 && x.shape[0] == rows);
        if (!fits) throw Lost($"is given {x.shape.Text()}, which are no rows of the call's {ids.shape.Text()} tokens");
        acting = acting.narrow(1, seen - tokens, tokens);
        return isFlat ? acting.reshape(-1, 1) : acting.unsqueeze(-1);
    }

    // Whether a token is, or comes after, the first of the last sequence of its row: (rows, tokens).
    Tensor From(Tensor ids)
    {
        using var grad = no_grad();
        var (rows, tokens) = ids.shape;
        int length = invocation.Count;
        if (length == 0 || length > tokens) return zeros([rows, tokens], ScalarType.Bool, ids.device);
        var matches = ids.unfold(1, length, 1).eq(tensor((long[])[.. invocation], device: ids.device)).all(-1);   // (rows, places)
        var places = arange(matches.shape[1], ScalarType.Int64, ids.device);
        var last = matches.to(ScalarType.Int64).mul(places + 1).amax([1], keepdim: true) - 1;      // −1 where there is none
        return arange(tokens, ScalarType.Int64, ids.device).unsqueeze(0).ge(last).logical_and(last.ge(0));
    }

    LowrankException Lost(string what) =>
        new($"an aLoRA acts from its invocation tokens on, and {Target} {what}. Leave that layer out of it, or detach it");
}
