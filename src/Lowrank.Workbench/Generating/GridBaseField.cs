namespace Lowrank.Workbench;

/// <summary>Something that all cells of a grid have in common, and that the first one's text does not tell as it was asked for.</summary>
/// <param name="Label">What it is called in the grid's text.</param>
/// <param name="Get">It, of a request.</param>
/// <param name="Set">The request with it; null where the text is none. The last argument finds adapters by name.</param>
sealed record GridBaseField(
    string Label, Func<GeneratingRequest, string> Get, Func<GeneratingRequest, string, Func<string, string?>, GeneratingRequest?> Set)
{
    /// <summary>What a grid's text calls the adapters that all cells have.</summary>
    public const string AdaptersLabel = "Grid adapters";

    const string Own = "own", None = "none", TagsLabel = "Grid tags", CommentsLabel = "Grid comments";

    static readonly string[] samplings = ["Sampler", "Hires sampler", "Adapter", "Adapter strength", "Checkpoint name"],
        sizes = ["Checkpoint name", "Init"], programs = ["Compat"];

    /// <summary>Labels of the axes beside which it matters how it was asked for; none for every grid.</summary>
    public IReadOnlyList<string> Beside { get; init; } = [];

    /// <summary>All of them, in the order in which they are set.</summary>
    public static IReadOnlyList<GridBaseField> All { get; } =
    [
        new("Grid prompt", request => request.Prompts[0], (request, text, _) => request with { Prompts = [text] }),
        new("Grid negative prompt", request => request.Options.NegativePrompt ?? "", (request, text, _) =>
            request with { Options = request.Options with { NegativePrompt = text } }),
        Option("Grid sampler", SamplerOf, (options, text) => options with { Sampler = text == Own ? null : text }, samplings),
        Option("Grid schedule", ScheduleOf, (options, text) => options with { Schedule = text == Own ? null : text }, samplings),
        Option("Grid steps", options => PlainValue.Text((long)options.Steps), (options, text) =>
            PlainValue.ReadWhole(text) is { } steps ? options with { Steps = steps } : null, samplings),
        Option("Grid guidance", options => PlainValue.Text(options.GuidanceScale), (options, text) =>
            PlainValue.ReadNumber(text) is { } scale ? options with { GuidanceScale = scale } : null, samplings),
        new("Grid chosen", request => request.Given.ToString(), (request, text, _) =>
            Enum.TryParse(text, out GivenSampling given) ? request with { Given = given } : null) { Beside = samplings },
        Option("Grid width", options => SideOf(options.Width), (options, text) =>
            IsSide(text, out int? side) ? options with { Width = side } : null, sizes),
        Option("Grid height", options => SideOf(options.Height), (options, text) =>
            IsSide(text, out int? side) ? options with { Height = side } : null, sizes),
        new("Grid refiner at", request => request.Refiner is { } refiner ? PlainValue.Text(refiner.SwitchAt) : None, WithSwitch)
        {
            Beside = ["Refiner checkpoint"],
        },
        Option("Grid syntax", SyntaxOf, WithSyntax, programs),
        new(AdaptersLabel, request => request.Adapters.Count == 0 ? None : string.Join(' ', request.Adapters.Select(TagOf)), WithAdapters),
        Reading("Grid dynamic prompts", (reading, _) => reading.Choices, (reading, on) => reading with { Choices = on }),
        Reading(TagsLabel, (reading, options) => reading.TakesTags(options.Syntax), (reading, on) => reading with { Tags = on }),
        Reading(CommentsLabel, (reading, options) => reading.LeavesComments(options.Syntax),
            (reading, on) => reading with { Comments = on }),
        new("Grid reading", request => request.Reading.FollowsSyntax ? Own : None, (request, text, _) => text == Own
            ? request with { Reading = request.Reading with { Tags = null, Comments = null } }
            : null) { Beside = programs },
    ];

    /// <summary>Those in which a request differs from what is followed where the first picture's text alone is.</summary>
    /// <param name="each">What all cells have in common.</param>
    /// <param name="first">The first picture's text.</param>
    /// <param name="axes">Labels of the axes.</param>
    public static IEnumerable<KeyValuePair<string, string>> Untold(
        GeneratingRequest each, InfoText first, IReadOnlyCollection<string> axes)
    {
        var followed = RepeatedPicture.Of(first, each with { Options = new(), Refiner = null }, _ => null).Request;
        followed = followed with { Given = GivenSampling.All, Reading = new() };
        string tags = string.Join(' ', PromptTags.Read(first.Prompt).Tags.Where(tag => tag.NamesAdapter));
        bool isRead = each.Reading.FollowsSyntax && programs.Any(axes.Contains);   // as each cell's own syntax has it
        return from field in All
               where field.Beside.Count == 0 || field.Beside.Any(axes.Contains)
               where !isRead || field.Label is not (TagsLabel or CommentsLabel)
               let asked = field.Get(each)
               let told = field.Label == AdaptersLabel ? (tags.Length > 0 ? tags : None) : field.Get(followed)
               where asked != told
               select KeyValuePair.Create(field.Label, asked);
    }

    static GridBaseField Option(
        string label, Func<GenerateOptions, string> get, Func<GenerateOptions, string, GenerateOptions?> set, string[] beside) =>
        new(label, request => get(request.Options), (request, text, _) =>
            set(request.Options, text) is { } options ? request with { Options = options } : null) { Beside = beside };

    static string SamplerOf(GenerateOptions options) =>
        options.Sampler is { } name ? SamplerLabel.SamplerOf(name).Name : Own;

    static string ScheduleOf(GenerateOptions options) => options.Schedule is { } name ? Schedules.Named(name).Name : Own;

    // Whether it follows the program, or whose else it is.
    static string SyntaxOf(GenerateOptions options) =>
        options.WritesAsProgram && !options.KeepsPrompts ? Own : PromptWay.Of(options.Encoding)?.Name ?? None;

    static GenerateOptions? WithSyntax(GenerateOptions options, string name)
    {
        if (name == Own) return options;
        return PromptWay.Find(name) is { } way ? options.Written(way) with { KeepsPrompts = true } : null;
    }

    // The axis names the file, or none.
    static GeneratingRequest? WithSwitch(GeneratingRequest request, string text, Func<string, string?> adapterNamed)
    {
        if (text == None) return request with { Refiner = null };
        if (PlainValue.ReadNumber(text) is not { } share) return null;
        return request with { Refiner = (request.Refiner ?? new("")) with { SwitchAt = share } };
    }

    static GridBaseField Reading(
        string label, Func<PromptReading, GenerateOptions, bool> get, Func<PromptReading, bool, PromptReading> set) =>
        new(label, request => PlainValue.Text(get(request.Reading, request.Options)), (request, text, _) =>
            PlainValue.ReadSwitch(text) is { } on ? request with { Reading = set(request.Reading, on) } : null);

    static string SideOf(int? side) => side is { } pixels ? PlainValue.Text((long)pixels) : Own;

    static bool IsSide(string text, out int? side)
    {
        side = PlainValue.ReadWhole(text);
        return side is not null || text == Own;
    }

    /// <summary>An adapter as a picture's text names it.</summary>
    public static string TagOf(AdapterChoice choice) => choice is TaggedAdapter tagged
        ? tagged.Tag.Text
        : PromptTag.Of(PlaceName.Of(choice.Path), choice.Strength).ToString();

    static GeneratingRequest? WithAdapters(GeneratingRequest request, string text, Func<string, string?> adapterNamed)
    {
        if (text == None) return request with { Adapters = [] };
        var repeated = RepeatedPicture.Of(new InfoText(text, "", []), request, adapterNamed);
        bool isWhole = repeated.Request.Adapters.Count == text.Count(c => c == '<');
        return isWhole ? request with { Adapters = repeated.Request.Adapters } : null;
    }
}
