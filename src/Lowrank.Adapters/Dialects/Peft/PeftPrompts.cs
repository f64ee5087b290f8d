using System.Text.Json;

namespace Lowrank.Adapters;

/// <summary>PEFT's prompt, prefix and p-tuning: the virtual tokens' rows, and heads that were trained beside them.</summary>
/// <remarks>
/// Of p-tuning and of a prefix with a projection PEFT saves what the small network made, not the network. Heads stand a level higher than
/// beside other methods: <c>base_model.score.weight</c>. Source: PEFT 0.21.2, utils/save_and_load.py and peft_model.py.
/// </remarks>
static class PeftPrompts
{
    /// <summary>The key of the rows.</summary>
    public const string Key = "prompt_embeddings";

    const string Count = "num_virtual_tokens", Stacks = "num_transformer_submodules", Near = "base_model.";

    static readonly (string Type, PromptKind Kind)[] kinds =
        [("PROMPT_TUNING", PromptKind.Prompt), ("P_TUNING", PromptKind.PTuning), ("PREFIX_TUNING", PromptKind.Prefix)];

    /// <summary>Their names among PEFT's types.</summary>
    public static IEnumerable<string> Types => kinds.Select(kind => kind.Type);

    static PromptKind? KindOf(PeftConfig config) => kinds.Where(kind => kind.Type == config.Type).Select(kind => (PromptKind?)kind.Kind)
        .FirstOrDefault();

    /// <summary>Whether a configuration is of one of them.</summary>
    public static bool Are(PeftConfig config) => KindOf(config) is not null;

    /// <summary>Gives heads that were trained beside virtual tokens the keys that they have beside other methods.</summary>
    /// <returns>Whether there were any.</returns>
    public static bool Rename(PeftView view, ModelComponent component, PeftConfig config)
    {
        if (!Are(config)) return false;
        var paths = component.Targets.Select(target => component.PathOf(target.Target)).ToHashSet();
        bool any = false;
        foreach (string key in view.Keys.Where(key => key.StartsWith(Near, StringComparison.Ordinal)).ToList())
        {
            string path = key[Near.Length..];
            if (!paths.Contains(path[..Math.Max(0, path.LastIndexOf('.'))])) continue;
            var (info, read) = view.Take(key);
            view.Put(PeftSpelling.Prefix + path, info, info.Shape, read);
            any = true;
        }
        return any;
    }

    /// <summary>The name of a layer beside virtual tokens, of its name beside other methods.</summary>
    public static string NameBeside(string name) => Near + name[PeftSpelling.Prefix.Length..];

    /// <summary>The virtual tokens in a file; null where its configuration is of another method.</summary>
    /// <param name="file">The file.</param>
    /// <param name="config">Its configuration.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="LowrankException">They lack, do not fit the model, or are not as many as the configuration tells.</exception>
    public static VirtualPrompt? Read(ITensorFile file, PeftConfig config, ModelDescription model)
    {
        if (KindOf(config) is not { } kind) return null;
        if (file.Tensors.All(tensor => tensor.Name != Key))
            throw new LowrankException($"adapter_config.json tells peft_type {config.Type}, and the file holds no {Key}");
        var rows = file.Read(Key);
        var prompt = new VirtualPrompt(kind, rows, StacksOf(config, kind, rows.shape));
        try
        {
            var seat = model.Components.Select(component => component.Module).OfType<IPromptedModel>().FirstOrDefault();
            if (seat is null)
                throw new LowrankException(
                    $"{config.Type} puts virtual tokens before every row of text, and {model.Family.Title} takes none");
            if (prompt.Misfit(seat.PromptShape) is { } misfit) throw new LowrankException(misfit);
            if (Number(config, Count) is { } told && told != prompt.Count)
                throw new LowrankException($"{Count} is {told}, and {Key} holds {prompt.Count} virtual tokens ({rows.shape.Text()})");
            if (!ScalarType.Float32.Holds(rows)) throw new LowrankException($"{Key} holds values that are not finite");
            return prompt;
        }
        catch
        {
            prompt.Dispose();
            throw;
        }
    }

    /// <summary>The virtual tokens as a file's header tells them; null where it holds none, or no rows.</summary>
    public static InspectedPrompt? Told(ITensorFile file, PeftConfig config)
    {
        bool isThere = file.Tensors.FirstOrDefault(tensor => tensor.Name == Key) is { Shape: [_, _] };
        if (!isThere || KindOf(config) is not { } kind) return null;
        var shape = file.Tensors.First(tensor => tensor.Name == Key).Shape;
        bool isPrefix = kind == PromptKind.Prefix;
        int? layers = isPrefix && Number(config, "num_layers") is > 0 and <= int.MaxValue and var told ? (int)told : null;
        return new(kind, isPrefix ? shape[0] : shape[0] / StacksOf(config, kind, shape), shape[1], layers);
    }

    // A prompt for two stacks is stored once, or for each of them.
    static int StacksOf(PeftConfig config, PromptKind kind, long[] shape)
    {
        int stacks = (int)(Number(config, Stacks) ?? 1);
        bool isOnce = kind != PromptKind.Prefix && Number(config, Count) is { } count && shape.Length == 2 && shape[0] == count;
        return isOnce ? 1 : Math.Max(1, stacks);
    }

    static long? Number(PeftConfig config, string field) =>
        config.Json.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number)
            ? number
            : null;

    /// <summary>The fields by which PEFT loads virtual tokens.</summary>
    /// <param name="prompt">The virtual tokens.</param>
    /// <param name="model">The model's module.</param>
    /// <param name="whole">The paths of what was trained beside them.</param>
    public static SortedDictionary<string, object?> Fields(VirtualPrompt prompt, nn.Module model, IReadOnlyList<string> whole)
    {
        var shape = ((IPromptedModel)model).PromptShape;
        bool isPrefix = prompt.Kind == PromptKind.Prefix;
        return new(StringComparer.Ordinal)
        {
            ["peft_type"] = kinds.First(kind => kind.Kind == prompt.Kind).Type,
            ["task_type"] = null,
            [PeftCarriedFields.Base] = null,
            ["inference_mode"] = true,
            [Count] = prompt.Count,
            [Stacks] = prompt.Stacks,
            ["token_dim"] = isPrefix ? shape.KeyHeads * shape.HeadWidth : shape.Width,
            ["num_layers"] = shape.Layers,
            ["num_attention_heads"] = shape.KeyHeads,
            ["modules_to_save"] = whole.Count == 0 ? null : whole,
        };
    }
}
