namespace Lowrank.Adapters;

/// <summary>
/// A tensor that several reparameterizations hold. As a module of its own it moves between devices once, and every holder sees it moved.
/// </summary>
public sealed class SharedPart : nn.Module
{
    const string Registered = "value";

    internal SharedPart(string name, Tensor value, bool trained) : base(name)
    {
        var own = value.detach().to(value.is_floating_point() ? ScalarType.Float32 : value.dtype).clone().DetachFromDisposeScope();
        if (trained) register_parameter(Registered, new Parameter(own));
        else register_buffer(Registered, own);
        IsTrained = trained;
        PassName();
    }

    void PassName()
    {
        foreach (var parameter in parameters()) ParameterNames.Set(parameter, $"shared/{GetName()}");
    }

    /// <inheritdoc/>
    protected override void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
    {
        base._toEpilog(dtype, device, non_blocking);
        PassName();
    }

    /// <summary>Whether training moves it.</summary>
    public bool IsTrained { get; }

    /// <summary>The tensor.</summary>
    public Tensor Value => IsTrained ? get_parameter(Registered)! : get_buffer(Registered)!;
}
