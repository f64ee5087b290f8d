using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Lowrank.Diffusion;

/// <summary>The words of patterns of file names.</summary>
/// <remarks>Source: AUTOMATIC1111 modules/images.py, FilenameGenerator, at 82a973c.</remarks>
public static class FileNameWords
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<FileNameWord> All { get; } =
    [
        new("basename", facts => facts.BaseName.Length > 0 ? facts.BaseName : "img"),
        new("seed", facts => facts.Seed is { } seed ? PlainValue.Text(seed) : ""),
        new("seed_first", facts => PlainSeed(IsAlone(facts.Job) ? facts.Seed : facts.Job?.Seeds[0])),
        new("seed_last", facts => PlainSeed(facts.Job?.Seeds[^1])) { IsMute = facts => IsAlone(facts.Job) },
        new("steps", facts => facts.Job is { } job ? PlainValue.Text(job.Steps) : null),
        new("cfg", facts => facts.Job is { } job ? PythonFloat.Text(job.GuidanceScale) : null),
        new("width", facts => PlainValue.Text(facts.Width)),
        new("height", facts => PlainValue.Text(facts.Height)),
        new("styles", facts => facts.Job is { } job ? StylesOf(job) : null),
        new("sampler", facts => facts.Job is { } job ? Part(job.Sampler) : null),
        new("sampler_scheduler", facts => ScheduleOf(facts.Job) is { } schedule ? Part($"{facts.Job!.Sampler} {schedule}") : null),
        new("scheduler", facts => ScheduleOf(facts.Job) is { } schedule ? Part(schedule) : null),
        new("model_hash", facts => facts.ModelHash),
        new("model_name", facts => Part(facts.ModelName)),
        new("date", facts => TimeText.Format(facts.Clock.GetLocalNow(), "%Y-%m-%d")),
        new("datetime", (facts, arguments) => TimeOf(facts.Clock, arguments)),
        new("job_timestamp", facts => facts.Job is { } job ? TimeText.Format(job.Begun, UsualTime) : null),
        new("prompt_hash", (facts, arguments) => facts.Prompt is { } prompt ? HashOf(prompt, arguments) : null),
        new("negative_prompt_hash", (facts, arguments) => facts.Job is { } job ? HashOf(job.NegativePrompt, arguments) : null),
        new("full_prompt_hash", (facts, arguments) =>
            facts.Job is { } job ? HashOf($"{job.Prompt} {job.NegativePrompt}", arguments) : null),
        new("prompt", facts => facts.Prompt is { } prompt ? FileNamePart.Of(prompt) : null),
        new("prompt_no_styles", facts => WithoutStyles(facts)),
        new("prompt_spaces", facts => facts.Prompt is { } prompt ? Part(prompt) : null),
        new("prompt_words", facts => FileNamePart.Words(facts.Prompt ?? "", facts.MostWords)),
        new("batch_number", facts => facts.Job is { } job ? PlainValue.Text(job.IndexInBatch + 1) : null)
        {
            IsMute = facts => facts.IsArchive || IsAlone(facts.Job),
        },
        new("batch_size", facts => facts.Job is { } job ? PlainValue.Text(job.BatchSize) : null),
        new("generation_number", facts => facts.Job is { } job
            ? PlainValue.Text(job.Iteration * job.BatchSize + job.IndexInBatch + 1)
            : null)
        {
            IsMute = facts => facts.IsArchive || IsAlone(facts.Job) && facts.Job!.BatchCount == 1,
        },
        new("hasprompt", HasPrompt),
        new("clip_skip", facts => PlainValue.Text(facts.ClipSkip)),
        new("denoising", facts => facts.Job?.Strength is { } strength ? PythonFloat.Text(strength) : null)
        {
            IsMute = facts => facts.Job?.Strength is null or 0,
        },
        new("user", facts => facts.Job?.User),
        new("vae_filename", facts => VaeOf(facts.VaeFile)),
        new("none", _ => ""),
        new("image_hash", (facts, arguments) => Digits(SHA256.HashData(facts.Pixels.Span), arguments, usual: null)),
    ];

    /// <summary>The word of that name in any letters; null for none.</summary>
    public static FileNameWord? Find(string name) => All.FirstOrDefault(word => word.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Why a word with such arguments would not be told as it stands; null if nothing is wrong with it.</summary>
    public static string? Fault(string name, IReadOnlyList<string> arguments)
    {
        if (Find(name) is not { } word)
        {
            string nearest = NearestNames.Told(name, All.Select(one => one.Name));
            return $"[{name}] is no word of file names ({nearest}); it stays as it stands";
        }
        bool hasZone = word.Name == "datetime" && arguments.Count > 1;
        return hasZone && ZoneOf(arguments[1]) is null
            ? $"\"{arguments[1]}\" is no time zone, as Asia/Tokyo is; the local one is taken"
            : null;
    }

    const string UsualTime = "%Y%m%d%H%M%S";

    const int UsualDigits = 8;

    static string Part(string text) => FileNamePart.Of(text, keepsBlanks: true);

    static bool IsAlone(FileNameJob? job) => job?.BatchSize == 1;

    static string? PlainSeed(long? seed) => seed is { } number ? PlainValue.Text(number) : null;

    static string StylesOf(FileNameJob job)
    {
        string names = string.Join(", ", job.Styles.Where(style => style != "None"));
        return Part(names.Length > 0 ? names : "None");
    }

    // Null for a sampler that the web UI does not know. Python's capitalize: the first letter alone is large.
    static string? ScheduleOf(FileNameJob? job)
    {
        string? schedule = job?.Schedule;
        if (schedule == WebUiSamplers.Automatic)
        {
            var sampler = WebUiSamplers.All.FirstOrDefault(one => one.Label == job!.Sampler);
            schedule = sampler is null ? null : sampler.Schedule ?? WebUiSamplers.Automatic;
        }
        return schedule is null or "" ? schedule : char.ToUpperInvariant(schedule[0]) + schedule[1..].ToLowerInvariant();
    }

    static string TimeOf(TimeProvider clock, IReadOnlyList<string> arguments)
    {
        var now = clock.GetLocalNow();
        if (arguments.Count > 1 && ZoneOf(arguments[1]) is { } zone) now = TimeZoneInfo.ConvertTime(now, zone);
        string format = arguments.Count > 0 && arguments[0].Length > 0 ? arguments[0] : UsualTime;
        return Part(TimeText.Format(now, format));
    }

    static TimeZoneInfo? ZoneOf(string name) => TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;

    static string? HashOf(string text, IReadOnlyList<string> arguments) =>
        Digits(SHA256.HashData(Encoding.UTF8.GetBytes(text)), arguments, UsualDigits);

    // So many digits as are asked for; a negative number leaves so many away at the end. Null for what is no number.
    static string? Digits(byte[] hash, IReadOnlyList<string> arguments, int? usual)
    {
        string digits = Convert.ToHexStringLower(hash);
        int? length = usual;
        if (arguments.Count > 1) return null;
        if (arguments is [{ Length: > 0 } text])
        {
            if (!int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int asked)) return null;
            length = asked < 0 ? digits.Length + asked : asked;
        }
        return digits[..Math.Clamp(length ?? digits.Length, 0, digits.Length)];
    }

    static string? WithoutStyles(FileNameFacts facts)
    {
        if (facts.Job is null || facts.Prompt is not { } prompt) return null;
        foreach (string name in facts.Job.Styles)
        {
            string style = facts.Styles.Styles.FirstOrDefault(one => one.Name == name)?.Prompt ?? "";
            if (style.Length == 0) continue;
            foreach (string part in style.Split("{prompt}"))
                prompt = Without(prompt, part).Replace(", ,", ",", StringComparison.Ordinal).Trim().Trim(',');
            prompt = Without(prompt, style).Trim().Trim(',').Trim();
        }
        return Part(prompt);
    }

    static string Without(string text, string part) => part.Length > 0 ? text.Replace(part, "", StringComparison.Ordinal) : text;

    // Each argument "word|else": the word where the prompt has it, else what stands behind the bar.
    static string? HasPrompt(FileNameFacts facts, IReadOnlyList<string> arguments)
    {
        if (facts.Job is null || facts.Prompt is not { } prompt) return null;
        string lower = prompt.ToLowerInvariant();
        var told = new StringBuilder();
        foreach (string argument in arguments.Where(argument => argument.Length > 0))
        {
            string[] parts = argument.Split('|');
            string expected = parts[0].ToLowerInvariant();
            told.Append(lower.Contains(expected, StringComparison.Ordinal) ? expected : parts.ElementAtOrDefault(1));
        }
        return FileNamePart.Of(told.ToString());
    }

    // Up to the first point, of hidden files the second.
    static string VaeOf(string? file)
    {
        if (file is null) return "NoneType";
        string[] parts = Path.GetFileName(file).Split('.');
        return parts is ["", var hidden, ..] ? hidden : parts[0];
    }
}
