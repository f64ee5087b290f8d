namespace Lowrank.Torch;

/// <summary>An operator's error, completed with the path of the module in which it happened.</summary>
public sealed class LayerException : LowrankException
{
    readonly nn.Module source;

    internal LayerException(nn.Module source, Exception cause) : base(EngineMessage.Of(cause), cause)
    {
        this.source = source;
        Path = source.GetName();
    }

    /// <summary>Path of the failing module, as far out as the error has travelled.</summary>
    public string Path { get; private set; }

    /// <summary>What to try, added by somebody who knows the user's intent.</summary>
    public string? Advice { get; set; }

    /// <inheritdoc/>
    public override string Message => $"{base.Message.TrimEnd('.')}. At {Path}.{(Advice is null ? "" : " " + Advice)}";

    /// <summary>Called by each module the error leaves: the path is read from that module's own tree.</summary>
    internal void PassedThrough(nn.Module outer)
    {
        foreach (var (path, module) in outer.named_modules())
            if (ReferenceEquals(module, source))
                Path = path;
    }

    /// <summary>Puts the component's name in front of the path.</summary>
    public LayerException In(string component)
    {
        Path = $"{component}.{Path}";
        return this;
    }
}
