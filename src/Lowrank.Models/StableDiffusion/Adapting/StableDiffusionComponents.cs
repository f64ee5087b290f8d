namespace Lowrank.Models;

/// <summary>The parts of Stable Diffusion as adapters see them: what each does, and what every program's files call it.</summary>
public static class StableDiffusionComponents
{
    const string Ldm = "ldm";

    /// <summary>A model of those parts.</summary>
    /// <param name="family">"sd1", "sd2", "sdxl" or "sdxl-refiner".</param>
    /// <param name="parts">Its adaptable parts by their folders' names.</param>
    public static ModelDescription Describe(string family, IEnumerable<(string Name, nn.Module Module)> parts) => new(
        StableDiffusionFamilies.Of(family),
        [.. parts.Select(part => Of(family, part.Name, part.Module))])
    {
        Families = KnownFamilies.All,
    };

    /// <summary>A part by its folder's name; one of another name is a network of its own.</summary>
    /// <param name="family">"sd1", "sd2", "sdxl" or "sdxl-refiner".</param>
    /// <param name="name">"unet", "text_encoder", "text_encoder_2".</param>
    /// <param name="module">The part itself.</param>
    /// <param name="ldm">The UNet's paths in LDM's spelling; null takes those of its configuration.</param>
    public static ModelComponent Of(string family, string name, nn.Module module, KeyMap? ldm = null) => name switch
    {
        "unet" => UNet(family, module, ldm ?? LdmOf(module)),
        "text_encoder" => TextEncoder(name, module, FirstEncoder(family)),
        "text_encoder_2" => TextEncoder(name, module, SecondEncoder(family)),
        _ => new ModelComponent(name, module, new Dictionary<string, KeyMap>()),
    };

    static KeyMap? LdmOf(nn.Module module) => module is UNet2DConditionModel unet ? UNet2DConditionModel.LdmNames(unet.Config) : null;

    static ModelComponent UNet(string family, nn.Module module, KeyMap? ldm)
    {
        var spellings = new Dictionary<string, KeyMap>();
        if (ldm is not null) spellings[Ldm] = ldm;
        return new ModelComponent("unet", module, spellings)
        {
            Role = ComponentRole.Denoiser,
            Aliases = UNetAliases(StableDiffusionFamilies.IsLarge(family)),
            Orders = DiffusersLayerOrders.OfUNet,
            BlockOf = path => StableDiffusionBlocks.Of(ldm?.ToOther(path)),
        };
    }

    static Dictionary<string, ComponentAlias> UNetAliases(bool isLarge)
    {
        var aliases = new Dictionary<string, ComponentAlias>
        {
            // SGM's spelling is the one that sd-scripts has for XL.
            ["kohya"] = new("unet") { Spelling = isLarge ? Ldm : null },
            ["comfyui"] = new("diffusion_model") { Spelling = Ldm },
            ["onetrainer"] = new("lora_unet", "unet"),
        };
        if (!isLarge) aliases["cloneofsimo"] = new("unet");
        return aliases;
    }

    static ModelComponent TextEncoder(string name, nn.Module module, IReadOnlyDictionary<string, ComponentAlias> aliases) =>
        new(name, module, new Dictionary<string, KeyMap>())
        {
            Role = ComponentRole.TextEncoder,
            Aliases = aliases,
            // CLIP's models lost this level in transformers 5.6.
            OptionalLevel = "text_model.",
            Orders = name == "text_encoder" ? DiffusersLayerOrders.OfTextEncoder : [],
            BlockOf = static _ => StableDiffusionBlocks.Base,
            WordLayer = "token_embedding",
        };

    static Dictionary<string, ComponentAlias> FirstEncoder(string family)
    {
        bool isLarge = StableDiffusionFamilies.IsLarge(family);
        var aliases = new Dictionary<string, ComponentAlias>
        {
            ["kohya"] = isLarge ? new("te1") : new("te", "te1"),
            ["comfyui"] = new(family == "sd2" ? "clip_h" : "clip_l"),
            ["onetrainer"] = new("lora_te", "lora_te1", "clip_l"),
            // Words of a model that has one encoder stand under no encoder's name.
            ["automatic1111"] = isLarge ? new("clip_l", "string_to_param.*") : new("string_to_param.*", "clip_l"),
        };
        if (!isLarge) aliases["cloneofsimo"] = new("text_encoder");
        return aliases;
    }

    static Dictionary<string, ComponentAlias> SecondEncoder(string family) => new()
    {
        // The refiner has no other, and files may call it the only one.
        ["kohya"] = family == StableDiffusionFamilies.Refiner ? new("te2", "te") : new("te2"),
        ["comfyui"] = new("clip_g"),
        ["onetrainer"] = new("lora_te2", "clip_g"),
        ["automatic1111"] = new("clip_g"),
    };
}
