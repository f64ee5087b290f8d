using System.Text.RegularExpressions;

namespace Lowrank.Workbench;

/// <summary>A request that makes a picture again, from the picture's text.</summary>
/// <param name="Request">What the text asks for.</param>
/// <param name="NotHonoured">What of the text the request does not do, each with its reason.</param>
public sealed partial record RepeatedPicture(GeneratingRequest Request, IReadOnlyList<string> NotHonoured)
{
    const string unmasked = "the mask is not in the text: give the picture with --init, and the mask with --mask";

    /// <summary>Fields that are not asked for, with the reason; the others that no request honours are not known.</summary>
    static readonly Dictionary<string, string> reasons = new()
    {
        [Strength] = "the picture that was changed is not in the text: give it with --init",
        [PictureChange.OutpaintField] = "the picture that was changed is not in the text: give it with --init",
        [PictureChange.FitField] = "the picture that was changed is not in the text: give it with --init",
        [PictureChange.BlurField] = unmasked,
        [PictureChange.ContentField] = unmasked,
        ["Mask mode"] = unmasked,
        ["Inpaint area"] = unmasked,
        ["Masked area padding"] = unmasked,
        ["RNG"] = "there is no such source of noise",
        ["Tiling"] = "edges do not go on at the other side",
        ["Hypernet"] = "hypernetworks are not supported",
    };

    /// <summary>Reads the text of a picture file of any kind, or a file of such a text.</summary>
    /// <inheritdoc cref="Of"/>
    /// <exception cref="LowrankException">It is no picture, or does not say how it was made.</exception>
    public static RepeatedPicture OfFile(string path, GeneratingRequest request, Func<string, string?> adapterNamed)
    {
        var texts = ToldTexts.Of(path);
        if (texts.InfoText is not { } text)
            throw new LowrankException(texts["prompt"] is null
                ? $"{path} does not say how it was made. Was its text taken out, as many sites do?"
                : $"{path} holds a graph of ComfyUI. Draw it by: lowrank workflow {path}");
        var repeated = Of(InfoText.Parse(text), request, adapterNamed);
        string[] said = PictureSignature.Mismatch(path) is { } mismatch ? [mismatch] : [];
        return repeated with { NotHonoured = [.. said, .. repeated.NotHonoured] };
    }

    /// <summary>Reads a picture's text.</summary>
    /// <param name="info">The text, Lowrank's own or AUTOMATIC1111's.</param>
    /// <param name="request">What the text does not tell: the base model, where to write. Prompts, seeds and adapters are replaced.</param>
    /// <param name="adapterNamed">An adapter's file by its name in the prompt; null where there is none.</param>
    /// <param name="areReplaced">Whether the caller sets the adapters, so that none of the text's needs to be there.</param>
    public static RepeatedPicture Of(
        InfoText info, GeneratingRequest request, Func<string, string?> adapterNamed, bool areReplaced = false)
    {
        var left = new List<string>();
        bool isOwn = info["Version"]?.StartsWith(Own, StringComparison.Ordinal) == true;
        if (!isOwn) (info, request) = AsWebUiReads(info, request, left);
        // Prompts that a text tells were read already; a folder of adapters is given to find the text's.
        if (request.Prompts.Count == 0) request = request with { Reading = request.Reading with { Tags = false, Comments = false } };
        var lacking = areReplaced ? [] : left;
        request = WithAdapters(info, request, adapterNamed, isOwn, left, lacking) with { Seeds = [] };
        request = request with { Options = request.Options with { NegativePrompt = info.NegativePrompt } };
        request = RepeatedFiles.With(info, WithSampler(info, request, isOwn, left), left);
        if (info[HiresOptions.StrengthField] is not null) request = WithBothStrengths(info, request, left);
        if (info.Number("Hires upscale") is { } scale) request = request with { Options = request.Options with { Hires = new(scale) } };
        // What grows the picture makes its mask.
        var fields = info.Fields.Where(field => !apart.Contains(field.Key)).OrderBy(field => field.Key != PictureChange.OutpaintField);
        left.AddRange(info.Fields.CountBy(field => field.Key).Where(field => field.Value > 1)
            .Select(field => $"the text tells {field.Key} {field.Value} times"));
        int detailer = info.Fields.Count(field => IsDetailer(field.Key));
        if (detailer > 0) left.Add($"ADetailer is not honoured, with all {detailer} fields of it: faces are not found and drawn anew here");
        foreach (var (label, value) in fields.Where(field => !IsDetailer(field.Key)))
        {
            var field = RepeatedField.All.FirstOrDefault(one => one.Label == label);
            if (field?.Taken(request, value) is { } taken) request = taken;
            else left.Add($"{label}: {value} is not honoured: {reasons.GetValueOrDefault(label) ?? Unread(field)}");
        }
        if (request.Options is { Part.Size: > 1, Sampler: { } sampler } && Samplers.Named(sampler).Create(new()).TiesBatch)
            left.Add($"{sampler} looks at all pictures of a batch together, and this one is made alone: it will be another");
        if (request.Seeds.Count == 0) left.Add("the text gives no seed, so that the picture will be another");
        left.AddRange(RepeatedWords.Missing(info, request));
        left.AddRange(AboutModel(info, request));
        return new(request with { Given = GivenSampling.All }, left);   // the text chose
    }

    // An extension's, of which each value alone says nothing.
    static bool IsDetailer(string label) => label.StartsWith("ADetailer ", StringComparison.Ordinal);

    static string Unread(RepeatedField? field) => field is null ? "it is not known here" : "the value cannot be read";

    const string Own = "lowrank ";

    // Read together with others.
    static readonly string[] apart =
        ["Sampler", "Schedule type", "Model", "Model hash", "Version", AdapterHashes.Field, RepeatedWords.Field, .. RepeatedFiles.Fields];

    const string Strength = "Denoising strength";

    // Where a picture was changed and drawn larger, the usual name is the change's.
    static GeneratingRequest WithBothStrengths(InfoText info, GeneratingRequest request, List<string> left)
    {
        if (request.Change is { } change && info.Number(Strength) is { } strength)
            return request with { Change = change with { Strength = strength } };
        left.Add($"{Strength}: {info[Strength]} is not honoured: {reasons[Strength]}");
        return request;
    }

    // Tags at the prompt's end go with the blank before them, which is how they were put there. In a text of Lowrank's own those are
    // words that name no adapter that worked.
    static GeneratingRequest WithAdapters(
        InfoText info, GeneratingRequest request, Func<string, string?> adapterNamed, bool isOwn, List<string> left, List<string> lacking)
    {
        var adapters = new List<AdapterChoice>();
        var hashes = AdapterHashes.Read(info[AdapterHashes.Field] ?? "");
        foreach (Match tag in Tag().Matches(info.Prompt).Where(IsTag))
        {
            string name = NameOf(tag);
            if (adapterNamed(name) is not { } path)
            {
                lacking.Add($"{tag.Value.Trim()} is not honoured: there is no adapter {name}");
                continue;
            }
            if (Chosen(tag, path, info["Seed"], left) is not { } choice) continue;
            adapters.Add(choice);
            string own = WebUiAdapter.Of(path).ShortHash;
            if (hashes.TryGetValue(name, out var told) && told != own)
                left.Add($"the adapter {name} was {told} when the picture was made, and {path} is {own}: the picture may be another");
        }
        return request with { Prompts = [Tag().Replace(info.Prompt, tag => IsTag(tag) ? "" : tag.Value)], Adapters = adapters };

        bool IsTag(Match tag) => !isOwn || hashes.ContainsKey(NameOf(tag));
    }

    static string NameOf(Match tag) => tag.Groups[2].Value.Split(':')[0];

    static AdapterChoice? Chosen(Match match, string path, string? seed, List<string> left)
    {
        try
        {
            var tag = AdapterTag.Of(new(match.Groups[1].Value, match.Groups[2].Value.Split(':')));
            left.AddRange(tag.Unread.Select(unread => $"{unread} of {match.Value.Trim()} is not honoured: it is not known here"));
            bool hasMore = tag.Rank is not null || tag.Blocks is not null || tag.Elements is not null;
            bool followsSteps = tag.Steps != default || tag.HasSchedules;
            bool isWhole = match.Groups[1].Value == "lora" && tag.TextStrength == tag.UNetStrength;
            if (isWhole && !hasMore && !followsSteps) return new AdapterChoice(path, tag.UNetStrength);
            return new TaggedAdapter(path, tag, tag.IsByChance ? Seeds.Read(seed ?? "") ?? 0 : 0);
        }
        catch (LowrankException error)
        {
            left.Add($"{match.Value.Trim()} is not honoured: {error.Message}");
            return null;
        }
    }

    static GeneratingRequest WithSampler(InfoText info, GeneratingRequest request, bool isOwn, List<string> left)
    {
        if (info["Sampler"] is not { } name)
        {
            left.Add("the text names no sampler");
            return request;
        }
        try
        {
            var label = SamplerLabel.Read(name.Trim());
            string? schedule = info["Schedule type"] is { } told && told != WebUiSamplers.Automatic ? told : label.Schedule;
            // A text of Lowrank's own without a schedule: the model's scheduler chose both.
            bool isModels = isOwn && schedule is null;
            return request with { Options = request.Options with { Sampler = isModels ? null : label.Sampler, Schedule = schedule } };
        }
        catch (LowrankException error)
        {
            string instead = $"{request.Options.Sampler ?? "the model's own"} is taken in its place";
            left.Add($"Sampler: {name} is not honoured: {error.Message} {instead}");
            if (info["Schedule type"] is { } told) left.Add($"Schedule type: {told} is not honoured: it belongs to that sampler");
            return request;
        }
    }

    static IEnumerable<string> AboutModel(InfoText info, GeneratingRequest request)
    {
        string own = Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(request.Model));
        if (info["Model"] is { } name && name != own)
            yield return $"the picture was made with the model {name}, and this request draws with {own}: it will be another";
        bool canCompare = info["Model hash"] is { Length: > 0 } && File.Exists(request.Model);
        if (canCompare && FileSha256.Of(request.Model) is var hash && !hash.StartsWith(info["Model hash"]!, StringComparison.Ordinal))
            yield return $"the model was {info["Model hash"]} when the picture was made, and {request.Model} is {hash[..10]}";
    }

    // Its prompts as it pastes them, with its weights and edits.
    static (InfoText Info, GeneratingRequest Request) AsWebUiReads(InfoText info, GeneratingRequest request, List<string> left)
    {
        var pasted = WebUiParameters.Of(info);
        // Its own source is the card's; a card of NVIDIA's draws what the source of its name does.
        var source = info["RNG"] is null ? NoiseSources.Nv : request.Options.NoiseSource;
        var emphasis = info["Emphasis"] switch
        {
            "None" => Emphasis.None,
            "Ignore" => Emphasis.Ignore,
            "No norm" => Emphasis.NoNorm,
            _ => Emphasis.Original,
        };
        var syntax = new WebUiSyntax(pasted.Values.ContainsKey(WebUiSyntax.OldField));
        bool downcasts = pasted.Values.ContainsKey(NoiseSchedule.DowncastField);
        info = info with
        {
            Prompt = (string)pasted.Values["Prompt"],
            NegativePrompt = (string)pasted.Values["Negative prompt"],
            Fields = [.. info.Fields.Where(field => field.Key != "Emphasis")],
        };
        return (info, request with { Options = request.Options with
        {
            Compat = Compat.WebUi, Syntax = syntax, Encoding = new WebUiEncoding(emphasis), NoiseSource = source,
            DowncastsAlphas = downcasts,
        } });
    }

    // A blank before it goes too where nothing but tags follows.
    [GeneratedRegex(@"(?: (?=<(?:lora|lyco):[^>]+>(?: <(?:lora|lyco):[^>]+>)*\z))?<(lora|lyco):([^>]+)>")]
    private static partial Regex Tag();
}
