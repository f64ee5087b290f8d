namespace Lowrank.Models;

/// <summary>The body of a causal language model: embeddings, layers, final norm.</summary>
class Decoder : nn.Module
{
    readonly DecoderParts parts;
    readonly IReadOnlyList<Layer<Tensor, Pass>> layers;
    readonly Layer? norm;

    /// <summary>A body that owns these parts, under their published names.</summary>
    public Decoder(string name, DecoderParts parts) : base(name)
    {
        (this.parts, layers, norm) = (parts, parts.Layers, parts.Norm);
        Tokens = parts.Tokens;
        register_module(parts.Names.Tokens, Tokens);
        register_module(parts.Names.Layers, new Modules.ModuleList<Layer<Tensor, Pass>>([.. layers]));
        if (norm is not null) register_module(parts.Names.Norm, norm);
    }

    /// <summary>Does nothing: parts are registered under their published names, which are not those of fields.</summary>
    protected override void RegisterComponents() { }

    /// <summary>The table of tokens.</summary>
    public Embedding Tokens { get; }

    /// <summary>What it is called.</summary>
    public string TokensPath => parts.Names.Tokens;

    /// <summary>How far back each layer sees; null for all.</summary>
    public int?[] Windows => [.. parts.Windows];

    /// <summary>In which dtype it computes.</summary>
    public ScalarType Dtype { get; set; } = ScalarType.Float32;

    /// <summary>Whether each layer drops its intermediates and computes them again in backward.</summary>
    public bool GradientCheckpointing { get; set; }

    /// <summary>The state after all layers and the final norm.</summary>
    public LanguageOutput Run(LanguageInput input) => LayerScope.Run(this, () => Compute(input), LanguageOutput.MoveOut);

    LanguageOutput Compute(LanguageInput input)
    {
        input.Cache?.RequireWhole();
        var ids = input.Cache?.WithSeen(input.Ids) ?? input.Ids;
        var pass = new Pass(input, Dtype);
        using var told = CallTokens.Tell(ids);
        try
        {
            var states = new List<Tensor>();
            var x = Embed(Vectors(input), pass);
            if (TakesRows(x, input, pass)) x = Next(ByRows(x, pass));
            else
                foreach (var layer in layers)
                {
                    input.Cancel.ThrowIfCancellationRequested();
                    x = Next(Through(layer, x, pass, ids));
                }
            if (input.KeepsLayers) states.Add(x);
            input.Cache?.Advance(ids);
            return new(Finish(norm is null ? x : norm.call(x)), states, [.. (pass.Routers ?? []).Select(router => router.alias())]);

            Tensor Next(Tensor next)
            {
                if (input.KeepsLayers) states.Add(x);
                else if (!ReferenceEquals(x, input.Embeddings)) x.Dispose();
                return next;
            }
        }
        finally
        {
            pass.Dispose();
        }
    }

    bool TakesRows(Tensor x, LanguageInput input, Pass pass)
    {
        bool mayPass = TokenRows.ArePossible && !Checkpoint.IsRepeated;
        bool goesOn = input is { Cache: not null, Documents: null, KeepsLayers: false, KeepsRouters: false };
        if (!mayPass || !goesOn) return false;
        bool isOneToken = x.shape is [<= TokenRows.Most, 1, _];
        bool isPlain = x.device_type == DeviceType.CPU && x.dtype is ScalarType.Float32 or ScalarType.BFloat16;
        return isOneToken && isPlain && layers.All(layer => layer is ITokenLayer own && own.TakesRows(pass));
    }

    Tensor ByRows(Tensor x, Pass pass)
    {
        using var rows = new TokenRows((int)x.shape[0], (int)x.shape[2]);
        rows.Take(x);
        foreach (var layer in layers) ((ITokenLayer)layer).Run(rows, pass);
        return rows.Told(x.dtype);
    }

    Tensor Through(Layer<Tensor, Pass> layer, Tensor x, Pass pass, Tensor ids)
    {
        if (!GradientCheckpointing || !is_grad_enabled()) return layer.call(x, pass);
        return RepeatedLayer.Run(pass, (inputs, own) =>
        {
            using var told = CallTokens.Tell(inputs[1]);   // also when it runs again in backward
            return layer.call(inputs[0], own);
        }, x, ids);
    }

    Tensor Scaled(Tensor tokens)
    {
        if (parts.EmbeddingScale is not { } scale) return tokens;
        return tokens * tensor(scale, Dtype, tokens.device);   // rounded as the tokens are
    }

    /// <summary>The vectors of an input's tokens (B, T, C), as they are given in place of ids.</summary>
    public Tensor Vectors(LanguageInput input) => input.Embeddings?.to(Dtype) ?? Scaled(Tokens.call(input.Ids).to(Dtype));

    /// <summary>What the first layer is given, from the tokens' vectors (B, T, C).</summary>
    protected virtual Tensor Embed(Tensor tokens, Pass pass) => tokens;

    /// <summary>What heads read, from the last state.</summary>
    protected virtual Tensor Finish(Tensor last) => last;
}
