namespace Lowrank;

/// <summary>Learnt tokens that an adapter puts in front of every row: it changes what a model is given, and no weight.</summary>
public sealed class VirtualPrompt : nn.Module
{
    readonly Parameter rows;

    /// <summary>Of learnt rows.</summary>
    /// <param name="kind">What they are.</param>
    /// <param name="rows">One row a virtual token: a vector, or the keys and values of all layers behind each other. Taken over as
    /// float32.</param>
    /// <param name="stacks">How many stacks of layers the rows were made for: 2 for a model that reads and writes, of which a prompt serves
    /// the one that reads and a prefix the one that writes.</param>
    /// <exception cref="LowrankException">They are no matrix, or none that so many stacks share.</exception>
    public VirtualPrompt(PromptKind kind, Tensor rows, int stacks = 1) : base(nameof(VirtualPrompt))
    {
        ArgumentNullException.ThrowIfNull(rows);
        (Kind, Stacks) = (kind, stacks);
        bool isShared = kind == PromptKind.Prefix || rows.dim() == 2 && rows.shape[0] % stacks == 0;
        if (rows.dim() != 2 || rows.numel() == 0 || !isShared)
            throw new LowrankException($"the virtual tokens have the shape {rows.shape.Text()}, and are rows of numbers, alike for " +
                $"{stacks} stacks of layers");
        using var scope = NewDisposeScope();
        var own = rows.detach().to(ScalarType.Float32, copy: true).contiguous();
        this.rows = new Parameter(own.DetachFromDisposeScope());
        register_parameter(nameof(rows), this.rows);
        ParameterNames.Set(this.rows, nameof(VirtualPrompt));
    }

    /// <summary>What they are.</summary>
    public PromptKind Kind { get; }

    /// <summary>How many stacks of layers they were made for.</summary>
    public int Stacks { get; }

    /// <summary>The rows as they are stored.</summary>
    public Parameter Rows => rows;

    /// <summary>How many virtual tokens stand before a row.</summary>
    public long Count => Kind == PromptKind.Prefix ? rows.shape[0] : rows.shape[0] / Stacks;

    /// <summary>What is said where virtual tokens are to be merged.</summary>
    internal static LowrankException Unmergeable(string adapter) =>
        new($"{adapter} puts virtual tokens before every row, which no weight can hold, so that it cannot be merged: leave it attached");

    /// <summary>Why they do not fit a model, as a sentence without its full stop; null where they do.</summary>
    public string? Misfit(PromptShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        long width = rows.shape[1], each = shape.KeyHeads * shape.HeadWidth;
        if (Kind != PromptKind.Prefix)
            return width == shape.Width ? null : $"the virtual tokens are {width} wide, and the model's are {shape.Width}";
        if (width == 2L * shape.Layers * each) return null;
        return $"the prefix has {width} numbers a token, and the model's {shape.Layers} layers have keys and values of " +
            $"{shape.KeyHeads} heads of {shape.HeadWidth}: {2L * shape.Layers * each}";
    }

    /// <summary>The virtual tokens as a model takes them; they belong to the caller's scope.</summary>
    /// <exception cref="LowrankException">They do not fit the model.</exception>
    public VirtualTokens For(PromptShape shape)
    {
        if (Misfit(shape) is { } misfit) throw new LowrankException($"{misfit}. Is it an adapter of another model?");
        if (Kind != PromptKind.Prefix) return new(Count) { Embeddings = rows.narrow(0, 0, Count) };
        var parts = rows.view(Count, -1, shape.KeyHeads, shape.HeadWidth);   // keys and values of the layers in turns
        long all = parts.shape[1];
        return new(Count)
        {
            // Where two stacks were meant, each layer was given four parts, counted round, of which the writing stack uses the first two.
            Prefix = [.. Enumerable.Range(0, shape.Layers).Select(layer => 2L * Stacks * layer)
                .Select(part => (parts.select(1, part % all), parts.select(1, (part + 1) % all)))],
        };
    }
}
