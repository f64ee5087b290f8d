namespace Lowrank.Models;

/// <summary>Steps over tensors that were just made and that nobody else holds: their memory is used again, or freed at once.</summary>
static class Fresh
{
    /// <summary>
    /// step(consumed); what the step makes on the way, views included, is freed with <paramref name="consumed"/>. A view left alive
    /// would keep the whole tensor.
    /// </summary>
    public static Tensor Then(this Tensor consumed, Func<Tensor, Tensor> step)
    {
        using var scope = NewDisposeScope();
        return consumed.Then(scope.MoveToOuter(step(consumed)));
    }

    /// <summary>silu(x), in place unless a gradient will need x.</summary>
    public static Tensor Silu(this Tensor fresh) => fresh.requires_grad ? fresh.Then(nn.functional.silu(fresh)) : fresh.silu_();

    /// <summary>
    /// fresh + other; in place unless a gradient flows through it, for an adapter's own function does not allow its answer to be
    /// changed.
    /// </summary>
    public static Tensor Plus(this Tensor fresh, Tensor other) => fresh.requires_grad ? fresh.Then(fresh + other) : fresh.add_(other);
}
