namespace Lowrank.Diffusion;

/// <summary>
/// An adapter as a prompt names it: &lt;lora:name:te:unet:dyn&gt;, or with names, te=0.5, unet=0.5, dyn=8; and of the extension LoRA block
/// weight lbw=, x=, lbwe=, start=, stop=, step=. A strength may change on the way, as te=1,0@10, which the web UI does not read.
/// </summary>
/// <remarks>
/// Source: extensions-builtin/Lora/extra_networks_lora.py of the web UI, v1.10.1, and hako-mikan/sd-webui-lora-block-weight at b403cb7.
/// </remarks>
/// <param name="Name">The file's name without ending, or what its maker called it.</param>
/// <param name="TextStrength">Multiplier in text encoders.</param>
/// <param name="UNetStrength">Multiplier in the UNet; where it is not given, that of text encoders.</param>
public sealed record AdapterTag(string Name, double TextStrength = 1, double UNetStrength = 1)
{
    /// <summary>How the strength in text encoders changes on the way; null where it stays.</summary>
    public StrengthSchedule? TextSchedule { get; init; }

    /// <summary>How the strength in the UNet changes on the way; null where it stays.</summary>
    public StrengthSchedule? UNetSchedule { get; init; }

    /// <summary>Whether a strength changes on the way, by what the web UI does not read.</summary>
    public bool HasSchedules => TextSchedule is not null || UNetSchedule is not null;

    /// <summary>The tag as it is written.</summary>
    public string Text { get; init; } = "";

    /// <summary>Ranks that are kept of each layer; null keeps all, and below 0 leaves out so many. The scale stays alpha/rank.</summary>
    public int? Rank { get; init; }

    /// <summary>Weights of blocks as they are written, a list or a preset's name (<see cref="BlockWeights"/>); null for none.</summary>
    public string? Blocks { get; init; }

    /// <summary>Whether weights of blocks are left to chance.</summary>
    public bool IsByChance => Blocks is not null && Blocks.Split(',').Any(weight => weight.Trim() is "R" or "U");

    /// <summary>What X stands for in weights of blocks.</summary>
    public double BlockBase { get; init; } = 1;

    /// <summary>Name of a preset of <see cref="BlockElements"/>; null for none.</summary>
    public string? Elements { get; init; }

    /// <summary>The steps in which the UNet's part works; text encoders keep it.</summary>
    public StepRange Steps { get; init; }

    /// <summary>What of the tag means nothing.</summary>
    public IReadOnlyList<string> Unread { get; init; } = [];

    /// <summary>Reads a tag.</summary>
    /// <exception cref="LowrankException">It names no adapter, or a number of it is none.</exception>
    public static AdapterTag Of(PromptTag tag)
    {
        var (positional, named) = (tag.Positional, tag.Named);
        var strange = named.Where(pair => !known.Contains(pair.Key)).Select(pair => $"{pair.Key}={pair.Value}");
        string[] unread = [.. positional.Skip(4), .. strange];
        string also = unread.Length == 0 ? "" : $"; and {string.Join(", ", unread)} means nothing there";
        if (positional.Count == 0) throw new LowrankException($"{tag} names no adapter. Write <lora:name:0.8>.");
        var (text, textSchedule) = Strength(1, "te") ?? (1, null);
        var (unet, unetSchedule) = Strength(2, "unet") ?? (text, textSchedule);
        var (start, stop) = Steps();
        return new(positional[0], text, unet)
        {
            Text = tag.ToString(),
            TextSchedule = textSchedule,
            UNetSchedule = unetSchedule,
            Rank = Whole(3, "dyn"),
            Blocks = named.GetValueOrDefault("lbw") ?? named.GetValueOrDefault("w"),
            BlockBase = Number(int.MaxValue, "x") ?? 1,
            Elements = named.GetValueOrDefault("lbwe"),
            // The extension counts steps from 1, and switches at the one that is named.
            Steps = new(Math.Max(0, (start ?? 1) - 1), stop is { } end ? Math.Max(0, end - 1) : null),
            Unread = unread,
        };

        (double First, StrengthSchedule? Schedule)? Strength(int place, string name)
        {
            string? given = named.GetValueOrDefault(name) ?? positional.ElementAtOrDefault(place);
            if (given is not null && StrengthSchedule.Read(given) is { } schedule) return (schedule.First, schedule);
            bool isScheduledInPlace = positional.Count > place && StrengthSchedule.Read(positional[place]) is not null;
            return Number(isScheduledInPlace ? int.MaxValue : place, name) is { } one ? (one, null) : null;
        }

        double? Number(int place, string name)
        {
            double? given = positional.Count > place ? PythonNumbers.Float(positional[place]) ?? throw Fault(positional[place]) : null;
            return named.TryGetValue(name, out string? told) ? PythonNumbers.Float(told) ?? throw Fault(told) : given;
        }

        int? Whole(int place, string name)
        {
            int? given = positional.Count > place ? PythonNumbers.Int(positional[place]) ?? throw Fault(positional[place]) : null;
            return named.TryGetValue(name, out string? told) ? PythonNumbers.Int(told) ?? throw Fault(told) : given;
        }

        (int? Start, int? Stop) Steps()
        {
            if (named.GetValueOrDefault("step") is not { } step) return (Whole(int.MaxValue, "start"), Whole(int.MaxValue, "stop"));
            if (step.Split('-') is not [var from, var to])
                throw new LowrankException($"In {tag}, step={step} is no range of steps: write step=5-20{also}.");
            return (PythonNumbers.Int(from) ?? throw Fault(step), PythonNumbers.Int(to) ?? throw Fault(step));
        }

        LowrankException Fault(string text) => new(
            $"In {tag}, \"{text}\" is no number where one belongs{also}. " +
            "Write <lora:name:0.8>, <lora:name:te=0.5:unet=0.8>, <lora:name:step=5-20> or, for one that changes, <lora:name:1,0.5@10>.");
    }

    /// <summary>The same with one strength in all of it, written anew.</summary>
    public AdapterTag WithStrength(double strength)
    {
        string[] words = (Text.Length > 0 ? Text : $"<lora:{Name}>").Trim('<', '>').Split(':');
        var tag = new PromptTag(words[0], words[1..]);
        string number = PlainValue.Text(strength);
        string[] named = [.. tag.Named.Where(pair => pair.Key is not ("te" or "unet")).Select(pair => $"{pair.Key}={pair.Value}")];
        // Behind the name stand both strengths, and only then the ranks.
        var ranks = tag.Positional.Skip(3).ToList();
        string[] strengths = ranks.Count > 0 ? [number, number] : [number];
        return Of(new PromptTag(tag.Kind, [Name, .. strengths, .. ranks, .. named]));
    }

    /// <summary>This, if AUTOMATIC1111 reads it.</summary>
    /// <exception cref="LowrankException">A strength of it changes on the way, which is no number there.</exception>
    public AdapterTag ForWebUi() => !HasSchedules ? this : throw new LowrankException(
        $"In {Text}, \"{TextSchedule ?? UNetSchedule}\" changes on the way, and AUTOMATIC1111 reads a number there.");

    /// <summary>
    /// The tags as AUTOMATIC1111 heeds them: one that is named twice is used twice, both times with the last one's numbers.
    /// </summary>
    public static IReadOnlyList<AdapterTag> Settled(IReadOnlyList<AdapterTag> tags) =>
        [.. tags.Select(tag => tags.Last(other => other.Name == tag.Name))];

    static readonly HashSet<string> known = ["te", "unet", "dyn", "lbw", "w", "x", "lbwe", "start", "stop", "step"];
}
