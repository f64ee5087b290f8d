using System.Text.Json;

namespace Lowrank.Adapters;

/// <summary>The fields of PEFT's configurations, each with what becomes of it; what is not in the list is told as not understood.</summary>
/// <remarks>Source: PEFT 0.21.2, the config.py of every method.</remarks>
static class PeftFieldUses
{
    static readonly string[] read =
    [
        "r", "alpha", "rank_pattern", "alpha_pattern", "fan_in_fan_out", "use_rslora", "use_dora", PeftStart.Field,
        "feedforward_modules", "token_indices", "trainable_token_indices", "psoft_svd", "lora_bias",
        PeftStacks.Field, Activated.Field,
    ];

    static readonly string[] told =
    [
        "peft_type", "inference_mode", "peft_version", "target_modules", "exclude_modules", "layers_to_transform", "layers_pattern",
        "modules_to_save", "bias",
        // Which of the tensors are saved, and of those that are not, how they are drawn: methods read what they need of it.
        "save_projection", "save_indices", "save_only_topk_weights", "projection_prng_key", "use_effective_conv2d",
        "decompose_factor", "proportional_parameters",
        "num_virtual_tokens", "num_transformer_submodules", "token_dim", "num_attention_heads", "num_layers",
    ];

    static readonly string[] carried =
    [
        PeftCarriedFields.Base, "revision", "task_type", "auto_mapping", "megatron_config", "megatron_core", "runtime_config",
        "ensure_weight_tying", "total_step", "qalora_group_size",
        "lora_dropout", "boft_dropout", "deft_dropout", "gralora_dropout", "hira_dropout", "miss_dropout", "psoft_dropout",
        "pvera_dropout", "randlora_dropout", "tinylora_dropout", "unilora_dropout", "vblora_dropout", "vera_dropout",
        "rank_dropout", "module_dropout", "rank_dropout_scale", "generator_seed",
        // How training began, which is over.
        "init_weights", "init_ia3_weights", "loftq_config", "eva_config", "corda_config", "lora_ga_config", "d_initial", "init_v_bound",
        "init_theta_d_bound", "init_vector_bank_bound", "init_logits_std", "init_scale", "ab_svd_init", "psoft_svd_lowrank_niter",
        "mask_type", "random_seed", "target_svd_config",
        "prompt_tuning_init", "prompt_tuning_init_text", "tokenizer_name_or_path", "tokenizer_kwargs", "encoder_hidden_size",
        "encoder_num_layers", "encoder_dropout", "encoder_reparameterization_type", "prefix_projection",
    ];

    /// <summary>What becomes of a field of a configuration of that type; null where it is not known.</summary>
    public static PeftFieldUse? Of(PeftType type, string field)
    {
        // AdaLoRA's tells which ranks are left, which the shapes do too; PEFT asks for it to load them.
        if (type.Name == "ADALORA" && field == "rank_pattern") return PeftFieldUse.Carried;
        if (IsRead(type, field)) return PeftFieldUse.Read;
        if (told.Contains(field)) return PeftFieldUse.Told;
        return carried.Contains(field) ? PeftFieldUse.Carried : null;
    }

    /// <summary>The field of a type's dropout; null where PEFT has none for it.</summary>
    public static string? DropoutOf(PeftType type)
    {
        string field = type.Name is "LORA" or "ADALORA" ? "lora_dropout" : type.Name.ToLowerInvariant() + "_dropout";
        return Of(type, field) == PeftFieldUse.Carried ? field : null;
    }

    static bool IsRead(PeftType type, string field)
    {
        bool isOfType = field == type.Rank || field == type.Alpha || type.Unsupported.Contains(field)
            || type.Patterns.Any(p => p.Field == field || p.Pattern == field);
        if (isOfType || read.Contains(field)) return true;
        return Methods.Named(type.Method).Arguments.Any(a => field == a.Name || field == type.Fields.GetValueOrDefault(a.Name));
    }

    /// <summary>Fields that go along, as metadata: a word as it is, anything else as JSON. Those that tell nothing are left out.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Along(JsonElement config, PeftType type)
    {
        foreach (var field in config.EnumerateObject())
            if (Of(type, field.Name) == PeftFieldUse.Carried && !PeftCarriedFields.IsCarried(field.Name) && !IsEmpty(field.Value))
                yield return new(field.Name, TextOf(field.Value));
    }

    static string TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    /// <summary>
    /// The fields that go along, as metadata of an adapter tell them, for a component's configuration of that type: what is told of the
    /// component itself comes last.
    /// </summary>
    public static IEnumerable<KeyValuePair<string, object?>> From(
        IReadOnlyDictionary<string, string> metadata, PeftType type, string component)
    {
        foreach (string start in new[] { "", component + "." })
            foreach (var (key, text) in metadata.Where(field => field.Key.StartsWith(start, StringComparison.Ordinal)))
                if (key[start.Length..] is var name && !PeftCarriedFields.IsCarried(name) && Of(type, name) == PeftFieldUse.Carried)
                    yield return new(name, ValueOf(text));
    }

    static object ValueOf(string text)
    {
        if (text.Length == 0 || text[0] is not ('{' or '[' or '-' or 't' or 'f' or (>= '0' and <= '9'))) return text;
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.Clone();
        }
        catch (JsonException)
        {
            return text;
        }
    }

    /// <summary>Whether a field's value says nothing: null, false, 0, "", {} or [].</summary>
    public static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False or JsonValueKind.Undefined => true,
        JsonValueKind.Number => value.TryGetDouble(out double number) && number == 0,
        JsonValueKind.String => value.GetString()!.Length == 0,
        _ => value.GetRawText() is "{}" or "[]",
    };
}
