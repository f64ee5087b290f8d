using System.Text.Json;

namespace Lowrank.Adapters;

/// <summary>
/// A LoRA whose factors did not begin at a product of zero, as PEFT saves it unasked: its change is what was trained less the start, which
/// PEFT takes off the base when it loads the folder.
/// </summary>
/// <remarks>Source: PEFT 0.21.2, init_lora_weights in tuners/lora/layer.py, and path_initial_model_for_weight_conversion.</remarks>
static class PeftStart
{
    /// <summary>The field that tells the beginning.</summary>
    public const string Field = "init_lora_weights";

    // Beginnings that need more than the base's weight, with what that is.
    static readonly (string Name, string Need)[] lost =
    [
        ("corda", "the inputs that the layers were asked"), ("lora_ga", "the gradients of the first batches"),
        ("loftq", "the base as it was rounded"), ("pissa_niter_", "the randomised decomposition that was made then"),
    ];

    static readonly string[] known = ["pissa", "olora"];

    /// <summary>The beginning by which PEFT changes the base; null where it leaves the base alone.</summary>
    public static string? Of(JsonElement config)
    {
        if (config.ValueKind != JsonValueKind.Object || !config.TryGetProperty(Field, out var value)) return null;
        if (value.ValueKind != JsonValueKind.String) return null;
        string name = value.GetString()!.ToLowerInvariant();
        return known.Contains(name) || NeedOf(name) is not null ? name : null;
    }

    static string? NeedOf(string name) => lost.FirstOrDefault(l => name.StartsWith(l.Name, StringComparison.Ordinal)).Need;

    /// <summary>Why an adapter that began so cannot be read, whatever is at hand; null where the base's weight is enough.</summary>
    public static string? Refuses(JsonElement config)
    {
        if (Of(config) is not { } name || NeedOf(name) is not { } need) return null;
        return $"{Field} is \"{name}\": PEFT takes the start of the factors off the base, and that start cannot be computed again " +
            $"without {need}. Convert the folder where it was trained, " +
            "by save_pretrained(..., path_initial_model_for_weight_conversion=...)";
    }

    /// <summary>The parts of the change itself where the configuration tells such a beginning; of twice the rank.</summary>
    /// <param name="config">The layer's own configuration.</param>
    /// <param name="target">The layer.</param>
    /// <param name="parts">down, up and alpha as stored; they are replaced.</param>
    /// <param name="begin">Gives the base's weight.</param>
    /// <exception cref="LowrankException">The base's weight is not at hand.</exception>
    public static void TakeOff(JsonElement config, Target target, Dictionary<string, Tensor> parts, Initialization begin)
    {
        bool isLinear = target.Kind is LayerKind.Linear or LayerKind.TransposedLinear;
        if (Of(config) is not { } name || NeedOf(name) is not null || !isLinear) return;
        Tensor down = parts["down"].to(ScalarType.Float32), up = parts["up"].to(ScalarType.Float32);
        double alpha = parts["alpha"].ToDouble();
        if (alpha == 0) return;
        var options = (LoraOptions)new LoraOptions((int)down.shape[0]).OfFile(alpha);
        var start = LoraInitializations.Named(name).Make(target, options, new Initialization(null, () => WeightOf(begin, name, target)));
        // BA − B₀A₀ = B(A − A₀) + (B − B₀)A₀.
        parts["down"] = cat([down - start.Down, start.Down], 0);
        parts["up"] = cat([up, up - start.Up], 1);
        parts["alpha"] = tensor((float)(2 * alpha), device: CPU);
    }

    static Tensor WeightOf(Initialization begin, string name, Target target)
    {
        try
        {
            return begin.Weight;
        }
        catch (LowrankException error)
        {
            throw new LowrankException($"{Field} is \"{name}\": PEFT takes the start of the factors off the base, so that without the " +
                $"base's weight the change at {target.Path} is not known. Give the base model. ({error.Message})", error);
        }
    }
}
