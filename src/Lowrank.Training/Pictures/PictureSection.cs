using Field = Lowrank.Training.SectionField<Lowrank.Training.PictureSection>;

namespace Lowrank.Training;

/// <summary>The pictures of a recipe and their captions.</summary>
public sealed record PictureSection
{
    static readonly NumberRange tokens =
        new("a multiple of 75", most => most >= PromptLength.Piece && most % PromptLength.Piece == 0);

    static readonly NumberRange sizes = new("a multiple of 8", size => size >= 8 && size % 8 == 0);

    /// <summary>Folder of the pictures and their captions.</summary>
    public string Pictures { get; init; } = "";

    /// <summary>Width of training pictures.</summary>
    public int Width { get; init; } = 512;

    /// <summary>Height of training pictures.</summary>
    public int Height { get; init; } = 512;

    /// <summary>Whether pictures smaller than the training size are enlarged rather than refused.</summary>
    public bool AllowUpscale { get; init; }

    /// <summary>Layers from the text encoder's end, as web UIs count.</summary>
    public int ClipSkip { get; init; } = 1;

    /// <summary>Chance that a caption is left out.</summary>
    public double CaptionDropout { get; init; }

    /// <summary>Most tokens of a caption: a multiple of 75, in pieces of which it is encoded.</summary>
    public int MaxTokens { get; init; } = PromptLength.Piece;

    /// <summary>Where encoded pictures are kept; empty keeps them in a folder among the pictures.</summary>
    public string CacheDir { get; init; } = "";

    /// <summary>Whether encoded pictures are kept on disk for the next run.</summary>
    public bool CacheToDisk { get; init; }

    /// <summary>The training size.</summary>
    public PictureSize Size => new(Width, Height);

    /// <summary>Where they are.</summary>
    public static IReadOnlyList<RecipeField> PlaceFields { get; } =
    [
        Field.Text("pictures", "Folder of pictures with captions: <repeats>_<name>/x.png + x.txt, or a flat folder",
            s => s.Pictures, (s, v) => s with { Pictures = v }) with
        {
            AlsoCalled = ["train_data_dir", "instance_data_dir"],
            Letter = 'p',
            MayChange = true,   // what lies there is compared
            Check = s => s.Pictures.Length > 0 ? [] : ["pictures is missing (the folder of the training pictures)"],
        },
    ];

    /// <summary>How large they are.</summary>
    public static IReadOnlyList<RecipeField> SizeFields { get; } =
    [
        Field.Whole("width", "Width of training pictures", s => s.Width, (s, v) => s with { Width = (int)v }, sizes),
        Field.Whole("height", "Height of training pictures", s => s.Height, (s, v) => s with { Height = (int)v }, sizes),
        Field.Switch("allow_upscale", "Enlarge pictures that are smaller, instead of refusing them",
            s => s.AllowUpscale, (s, v) => s with { AllowUpscale = v }),
    ];

    /// <summary>How captions are encoded.</summary>
    public static IReadOnlyList<RecipeField> TextFields { get; } =
    [
        Field.Whole("clip_skip", "Layers from the text encoder's end, as web UIs count",
            s => s.ClipSkip, (s, v) => s with { ClipSkip = (int)v }, NumberRange.AtLeast(1)) with
        {
            MetadataKey = "ss_clip_skip",
            MetadataValue = recipe => recipe.Pictures.ClipSkip > 1 ? recipe.Pictures.ClipSkip : null,
        },
        Field.Whole("max_tokens", "Most tokens of a caption, which is encoded in pieces of 75: 75, 150, 225 (max_token_length)",
            s => s.MaxTokens, (s, v) => s with { MaxTokens = (int)v }, tokens) with
        {
            AlsoCalled = ["max_token_length"],
            MetadataKey = "ss_max_token_length",
            MetadataValue = recipe => recipe.Pictures.MaxTokens > PromptLength.Piece ? recipe.Pictures.MaxTokens : null,
        },
    ];

    /// <summary>The folder of encoded pictures; null where none are kept.</summary>
    public string? CacheFolder
    {
        get
        {
            if (!CacheToDisk) return null;
            return CacheDir.Length > 0 ? CacheDir : Path.Combine(Pictures, ".lowrank-cache");
        }
    }

    /// <summary>What becomes of captions and encodings.</summary>
    public static IReadOnlyList<RecipeField> CaptionFields { get; } =
    [
        Field.Number("caption_dropout", "Chance that a caption is left out (caption_dropout_rate)",
            s => s.CaptionDropout, (s, v) => s with { CaptionDropout = v }, NumberRange.ShareBelowOne) with
        {
            AlsoCalled = ["caption_dropout_rate"],
            MetadataKey = "ss_caption_dropout_rate",
        },
        Field.Switch("cache_to_disk", "Keep encoded pictures on disk for the next run",
            s => s.CacheToDisk, (s, v) => s with { CacheToDisk = v }) with
        {
            AlsoCalled = ["cache_latents_to_disk"],
            MayChange = true,
        },
        Field.Text("cache_dir", "Where cache_to_disk keeps them; a hidden folder among the pictures if not set",
            s => s.CacheDir, (s, v) => s with { CacheDir = v }) with
        {
            MayChange = true,
            Idle = recipe => recipe.Pictures.CacheToDisk ? null : "cache_to_disk is off",
        },
    ];
}
