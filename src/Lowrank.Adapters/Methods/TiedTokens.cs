namespace Lowrank.Adapters;

/// <summary>The other end of a table whose rows are trained: a head that has the embedding's own weight has its trained rows too.</summary>
/// <remarks>It has no parts: they are the embedding's. Source: PEFT 0.21.2, which changes both ends of a tied model unasked.</remarks>
sealed class TiedTokens : Reparameterization
{
    readonly TrainableTokens original;

    /// <summary>At a layer that has an embedding's weight.</summary>
    /// <param name="target">The layer.</param>
    /// <param name="original">The embedding's rows.</param>
    public TiedTokens(Target target, TrainableTokens original) : base(TrainableTokens.Descriptor, target)
    {
        this.original = original;
        register_parameter("rows", original.Rows);   // gradients reach them from here too
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Part, Tensor Value)> Parts => [];

    /// <inheritdoc/>
    public override Tensor Apply(Tensor weight, double strength) => original.Changed(Target, weight, strength);

    /// <inheritdoc/>
    protected override void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking) =>
        ConditionallyRegisterParameter("rows", original.Rows);   // the embedding, which stands before it, has moved them
}
