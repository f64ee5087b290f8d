namespace Lowrank.Training;

/// <summary>
/// Gradients of a LoRA's factors seen in the geometry of their product: each is divided by the other factor's Gram matrix before the
/// optimizer sees it.
/// </summary>
/// <remarks>
/// With A frozen: ∇B ← s⁻²·∇B·(AAᵀ + δI)⁺ (LoRA-FA, Zhang et al. 2023, arXiv 2308.03303; δ and form as PEFT 0.21.2's LoraFAOptimizer).
/// With both trained: ∇A ← (BᵀB + δI)⁻¹∇A, ∇B ← ∇B(AAᵀ + δI)⁻¹ (Zhang and Pilanci 2024, arXiv 2402.02347); there B is zero at first, and
/// δ must not be small.
/// </remarks>
public sealed class Preconditioner : ITrainingRule
{
    const double FrozenDelta = 1e-8, BothDelta = 1e-6;

    readonly List<Lora> layers;

    /// <summary>Over the LoRAs of an adapter, in whatever wrappers.</summary>
    /// <exception cref="LowrankException">There is none.</exception>
    public Preconditioner(Adapter adapter)
    {
        layers = [.. adapter.Targets.Values.SelectMany(r => r.modules().Prepend(r)).OfType<Lora>().Distinct()];
        if (layers.Count == 0)
            throw new LowrankException("preconditioned gradients are those of a LoRA's factors, and this adapter has none");
    }

    /// <inheritdoc/>
    public void Backward(int step)
    {
        using var grad = no_grad();
        foreach (var lora in layers)
        {
            using var scope = NewDisposeScope();
            var (down, up) = lora.Factors;
            var (a, b) = (down.reshape(lora.Rank, -1), up.reshape(-1, lora.Rank));
            bool frozen = !down.requires_grad;
            var (delta, divisor) = frozen ? (FrozenDelta, lora.Scale * lora.Scale) : (BothDelta, 1);
            if (up.grad is { } ofUp)
                ofUp.copy_((ofUp.reshape(b.shape).mm(Inverse(a.mm(a.t()), delta)) / divisor).reshape(ofUp.shape));
            if (down.grad is { } ofDown)
                ofDown.copy_(Inverse(b.t().mm(b), BothDelta).mm(ofDown.reshape(a.shape)).reshape(ofDown.shape));
        }
    }

    static Tensor Inverse(Tensor gram, double delta) => linalg.pinv(gram + delta * eye(gram.shape[0], device: gram.device));
}
