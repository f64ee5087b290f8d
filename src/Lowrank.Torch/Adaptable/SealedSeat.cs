namespace Lowrank.Torch;

/// <summary>The slot for a host in one of TorchSharp's own modules, whose parameters are frozen while a host sits in it.</summary>
/// <param name="module">The module.</param>
/// <param name="weight">Its weight, as it stands.</param>
/// <param name="hook">Sees to it that the host is asked; the hooks stay when the host leaves, as another thread may be in them.</param>
sealed class SealedSeat(nn.Module module, Func<Tensor> weight, Action hook)
{
    volatile IAdapterHost? host;
    (DeviceType, int) place;
    FrozenParameters? frozen;

    /// <summary>Who sits in it.</summary>
    public IAdapterHost? Host
    {
        get => host;
        set
        {
            if (host is null && value is not null) Take();
            host = value;
            if (value is not null) return;
            frozen?.Dispose();
            frozen = null;
        }
    }

    void Take()
    {
        hook();
        using (NewDisposeScope()) place = PlaceOf(weight());   // some of TorchSharp's getters make a handle
        frozen = FrozenParameters.Of([module]);
    }

    static (DeviceType, int) PlaceOf(Tensor held) => (held.device_type, held.device_index);

    /// <summary>The host, told where the weight is now: a module's move tells nobody, and the next call sees it.</summary>
    public IAdapterHost Told(IAdapterHost sitting)
    {
        using var scope = NewDisposeScope();
        var held = weight();
        var found = PlaceOf(held);
        if (found != place) sitting.MoveTo(held.device);
        place = found;
        return sitting;
    }
}
