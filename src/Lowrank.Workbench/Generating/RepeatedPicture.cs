namespace Lowrank.Workbench;

/// <summary>A request that makes a picture again, from the picture's text.</summary>
/// <param name="Request">What the text asks for.</param>
/// <param name="NotHonoured">What of the text the request does not do, each with its reason.</param>
public sealed record RepeatedPicture(GeneratingRequest Request, IReadOnlyList<string> NotHonoured)
{
    const string unmasked = "the mask is not in the text: give the picture with `init`, and the mask with `mask`";

    /// <summary>Fields that are not asked for, with the reason; the others that no request honours are not known.</summary>
    static readonly Dictionary<string, string> reasons = new()
    {
        [InfoLabel.Strength] = "the picture that was changed is not in the text: give it with `init`",
        [PictureChange.OutpaintField] = "the picture that was changed is not in the text: give it with `init`",
        [PictureChange.FitField] = "the picture that was changed is not in the text: give it with `init`",
        [PictureChange.BlurField] = unmasked,
        [MaskedContents.Field] = unmasked,
        [InfoLabel.MaskMode] = unmasked,
        [InfoLabel.MaskedArea] = unmasked,
        [InfoLabel.MaskPadding] = unmasked,
        [InfoLabel.NoiseSource] = "there is no such source of noise",
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
        info = info.Restored();
        var left = new List<string>();
        bool isOwn = info[InfoLabel.Version]?.StartsWith(Own, StringComparison.Ordinal) == true;
        if (!isOwn) (info, request) = AsWebUiReads(info, request);
        // Prompts that a text tells were read already; a folder of adapters is given to find the text's.
        if (request.Prompts.Count == 0) request = request with { Reading = request.Reading with { Tags = false, Comments = false } };
        var lacking = areReplaced ? [] : left;
        request = WithAdapters(info, request, adapterNamed, isOwn, left, lacking) with { Seeds = [] };
        request = request with { Options = request.Options with { NegativePrompt = info.NegativePrompt } };
        request = RepeatedFiles.With(info, WithSampler(info, request, isOwn, left), left);
        request = WithFields(info, WithSecondPass(info, request, left), left);
        left.AddRange([.. Doubts(request), .. RepeatedWords.Missing(info, request), .. AboutModel(info, request)]);
        return new(request with { Given = GivenSampling.All }, left);   // the text chose
    }

    // The pass that its other fields say more of; its scale says that there is one.
    static GeneratingRequest WithSecondPass(InfoText info, GeneratingRequest request, List<string> left)
    {
        if (info[HiresOptions.StrengthField] is not null) request = WithBothStrengths(info, request, left);
        if (info.Number(InfoLabel.HiresScale) is not { } scale) return request;
        return request with { Options = request.Options with { Hires = new(scale) } };
    }

    static GeneratingRequest WithFields(InfoText info, GeneratingRequest request, List<string> left)
    {
        left.AddRange(info.Fields.CountBy(field => field.Key).Where(field => field.Value > 1)
            .Select(field => $"the text tells {field.Key} {field.Value} times"));
        int detailer = info.Fields.Count(field => IsDetailer(field.Key));
        if (detailer > 0) left.Add($"ADetailer is not honoured, with all {detailer} fields of it: faces are not found and drawn anew here");
        // What grows the picture makes its mask.
        var fields = info.Fields.Where(field => !apart.Contains(field.Key)).OrderBy(field => field.Key != PictureChange.OutpaintField);
        foreach (var (label, value) in fields.Where(field => !IsDetailer(field.Key)))
        {
            var field = RepeatedField.All.FirstOrDefault(one => one.Label == label);
            if (field?.Taken(request, value) is { } taken) request = taken;
            else left.Add($"{label}: {value} is not honoured: {reasons.GetValueOrDefault(label) ?? Unread(field, request)}");
        }
        return request;
    }

    static IEnumerable<string> Doubts(GeneratingRequest request)
    {
        if (request.Options is { Part.Size: > 1, Sampler: { } sampler } && Samplers.Named(sampler).Create(new()).TiesBatch)
            yield return $"{sampler} looks at all pictures of a batch together, and this one is made alone: it will be another";
        if (request.Seeds.Count == 0) yield return "the text gives no seed, so that the picture will be another";
    }

    // An extension's, of which each value alone says nothing.
    static bool IsDetailer(string label) => label.StartsWith("ADetailer ", StringComparison.Ordinal);

    static string Unread(RepeatedField? field, GeneratingRequest request)
    {
        if (field is null) return "it is not known here";
        return $"the value cannot be read, and {field.Instead?.Invoke(request) ?? "what is usual"} is taken in its place";
    }

    const string Own = "lowrank ";

    // Read together with others.
    static readonly string[] apart =
    [
        InfoLabel.Sampler, InfoLabel.Schedule, InfoLabel.Model, InfoLabel.ModelHash, InfoLabel.Version,
        AdapterHashes.Field, RepeatedWords.Field, .. RepeatedFiles.Fields,
    ];

    // Where a picture was changed and drawn larger, the usual name is the change's.
    static GeneratingRequest WithBothStrengths(InfoText info, GeneratingRequest request, List<string> left)
    {
        if (request.Change is { } change && info.Number(InfoLabel.Strength) is { } strength)
            return request with { Change = change with { Strength = strength } };
        left.Add($"{InfoLabel.Strength}: {info[InfoLabel.Strength]} is not honoured: {reasons[InfoLabel.Strength]}");
        return request;
    }

    // In a text of Lowrank's own, tags are words that name no adapter that worked.
    static GeneratingRequest WithAdapters(
        InfoText info, GeneratingRequest request, Func<string, string?> adapterNamed, bool isOwn, List<string> left, List<string> lacking)
    {
        var adapters = new List<AdapterChoice>();
        var hashes = AdapterHashes.Read(info[AdapterHashes.Field] ?? "");
        var read = PromptTags.ReadTold(info.Prompt, tag => !isOwn || hashes.ContainsKey(tag.Items[0]));
        foreach (var tag in read.Tags)
        {
            string name = tag.Items[0];
            if (adapterNamed(name) is not { } path)
            {
                lacking.Add($"{tag} is not honoured (`adapters dir` names the folder that adapters lie in): there is no adapter {name}");
                continue;
            }
            if (Chosen(tag, path, info[InfoLabel.Seed], left) is not { } choice) continue;
            adapters.Add(choice);
            string own = WebUiAdapter.Of(path).ShortHash;
            if (hashes.TryGetValue(name, out var told) && told != own)
                left.Add($"the adapter {name} was {told} when the picture was made, and {path} is {own}: the picture may be another");
        }
        return request with { Prompts = [read.Prompt], Adapters = adapters };
    }

    static AdapterChoice? Chosen(PromptTag told, string path, string? seed, List<string> left)
    {
        try
        {
            var tag = AdapterTag.Of(told);
            left.AddRange(tag.Unread.Select(unread => $"{unread} of {told} is not honoured: it is not known here"));
            // A strength alone; what says more keeps its words, so that the picture's text comes out the same.
            bool isPlain = told.ToString() == PromptTag.Of(tag.Name, tag.UNetStrength).ToString();
            if (isPlain) return new AdapterChoice(path, tag.UNetStrength);
            return new TaggedAdapter(path, tag, tag.IsByChance ? Seeds.Read(seed ?? "") ?? 0 : 0);
        }
        catch (LowrankException error)
        {
            left.Add($"{told} is not honoured: {error.Message}");
            return null;
        }
    }

    static GeneratingRequest WithSampler(InfoText info, GeneratingRequest request, bool isOwn, List<string> left)
    {
        if (info[InfoLabel.Sampler] is not { } name)
        {
            left.Add("the text names no sampler");
            return request;
        }
        try
        {
            var label = SamplerLabel.Read(name.Trim());
            string? schedule = KnownSchedule(info, left) ?? label.Schedule;
            // A text of Lowrank's own without a schedule: the model's scheduler chose both.
            bool isModels = isOwn && schedule is null && info[InfoLabel.Schedule] is null;
            return request with { Options = request.Options with { Sampler = isModels ? null : label.Sampler, Schedule = schedule } };
        }
        catch (LowrankException error)
        {
            string instead = $"{request.Options.Sampler ?? "the model's own"} is taken in its place";
            left.Add($"{InfoLabel.Sampler}: {name} is not honoured: {error.Message.TrimEnd('.')}; {instead}");
            if (info[InfoLabel.Schedule] is { } told) left.Add($"{InfoLabel.Schedule}: {told} is not honoured: it belongs to that sampler");
            return request;
        }
    }

    static string? KnownSchedule(InfoText info, List<string> left)
    {
        if (info[InfoLabel.Schedule] is not { } told || told == WebUiSamplers.Automatic) return null;
        try
        {
            Schedules.Named(told);
            return told;
        }
        catch (LowrankException error)
        {
            left.Add($"{InfoLabel.Schedule}: {told} is not honoured: {error.Message.TrimEnd('.')}; the sampler's own is taken instead");
            return null;
        }
    }

    static IEnumerable<string> AboutModel(InfoText info, GeneratingRequest request)
    {
        string own = PlaceName.Of(request.Model);
        if (info[InfoLabel.Model] is { } name && name != own)
            yield return $"the picture was made with the model {name}, and this request draws with {own}: it will be another";
        if (info[InfoLabel.ModelHash] is not { Length: > 0 } told || !File.Exists(request.Model)) yield break;
        string hash = KeptSha256.Of(request.Model);
        if (!hash.StartsWith(told, StringComparison.Ordinal))
            yield return $"the model was {told} when the picture was made, and {request.Model} is {hash[..10]}";
    }

    // Its prompts as it pastes them, with its weights and edits.
    static (InfoText Info, GeneratingRequest Request) AsWebUiReads(InfoText info, GeneratingRequest request)
    {
        var pasted = WebUiParameters.Of(info);
        // Its own source is the card's; a card of NVIDIA's draws what the source of its name does.
        var source = info[InfoLabel.NoiseSource] is null ? NoiseSources.Nv : request.Options.NoiseSource;
        var emphasis = WebUiEncoding.EmphasisNamed(info[WebUiEncoding.EmphasisField] ?? "") ?? Emphasis.Original;
        var syntax = new WebUiSyntax(pasted.Values.ContainsKey(WebUiSyntax.OldField));
        bool downcasts = pasted.Values.ContainsKey(NoiseSchedule.DowncastField);
        info = info with
        {
            Prompt = (string)pasted.Values["Prompt"],
            NegativePrompt = (string)pasted.Values["Negative prompt"],
            Fields = [.. info.Fields.Where(field => field.Key != WebUiEncoding.EmphasisField)],
        };
        return (info, request with { Options = request.Options with
        {
            Compat = Compat.WebUi, Syntax = syntax, Encoding = new WebUiEncoding(emphasis), NoiseSource = source,
            DowncastsAlphas = downcasts,
        } });
    }
}
