namespace Lowrank.Torch.Layers;

/// <summary>A module of one input. <see cref="Compute"/> runs inside a scope that frees every intermediate and keeps the result.</summary>
public abstract class Layer : nn.Module<Tensor, Tensor>, IScopedModule
{
    /// <summary>A layer that registers its children by its constructor.</summary>
    /// <param name="name">Its class as the published library calls it ("Transformer2DModel"): by it recipes choose layers.</param>
    protected Layer(string name) : base(name) { }

    /// <inheritdoc/>
    public sealed override Tensor forward(Tensor x) => LayerScope.Run(this, () => Compute(x));

    /// <summary>The layer's answer; what it makes on the way is freed when it returns.</summary>
    protected abstract Tensor Compute(Tensor x);
}

/// <summary>A module of two inputs; see <see cref="Layer"/>.</summary>
public abstract class Layer<T1, T2> : nn.Module<T1, T2, Tensor>, IScopedModule
{
    /// <summary>A layer that registers its children by its constructor.</summary>
    /// <param name="name">Its class as the published library calls it ("Transformer2DModel"): by it recipes choose layers.</param>
    protected Layer(string name) : base(name) { }

    /// <inheritdoc/>
    public sealed override Tensor forward(T1 x, T2 second) => LayerScope.Run(this, () => Compute(x, second));

    /// <summary>The layer's answer; what it makes on the way is freed when it returns.</summary>
    protected abstract Tensor Compute(T1 x, T2 second);
}

/// <summary>A module of three inputs; see <see cref="Layer"/>.</summary>
public abstract class Layer<T1, T2, T3> : nn.Module<T1, T2, T3, Tensor>, IScopedModule
{
    /// <summary>A layer that registers its children by its constructor.</summary>
    /// <param name="name">Its class as the published library calls it ("Transformer2DModel"): by it recipes choose layers.</param>
    protected Layer(string name) : base(name) { }

    /// <inheritdoc/>
    public sealed override Tensor forward(T1 x, T2 second, T3 third) => LayerScope.Run(this, () => Compute(x, second, third));

    /// <summary>The layer's answer; what it makes on the way is freed when it returns.</summary>
    protected abstract Tensor Compute(T1 x, T2 second, T3 third);
}
