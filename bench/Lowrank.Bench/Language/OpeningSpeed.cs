using System.Globalization;
using Lowrank.Language;

namespace Lowrank.Bench;

/// <summary>How soon a language model is there, and what surrounds its network: tokens and templates.</summary>
static class OpeningSpeed
{
    const long LargeBytes = 7L << 30;

    static readonly Rounds rounds = new(AtLeast: 5, AtMost: 9, Seconds: 30);

    public static Row About { get; } = new(Section.Language, "around the network", "SmolLM2 135M");

    /// <summary>Rows of a model's file.</summary>
    public static IEnumerable<Row> Measure(string path)
    {
        yield return Allowed("open a file, to the first token", Aims.Opening, () =>
        {
            using var model = LanguageModel.Load(path);
            model.Generate("The", new GenerationOptions().AtMost(1));
        });
        yield return Large();
        using var model = LanguageModel.Load(path);
        string text = string.Concat(Enumerable.Repeat("It's 7 o'clock; déjà vu — \"über\" 3.14 times.\n", 1 << 15))[..1_000_000];
        yield return Allowed("tokens of 1 MB of text", Aims.Tokens, () => model.Tokenizer.Encode(text));
        var conversation = new Conversation([new("system", "You are kind."), new("user", "Who are you?")]);
        const int Times = 1000;
        yield return Allowed("render a chat template, 1,000 times", Times * Aims.Template, () =>
        {
            for (int i = 0; i < Times; i++) model.Template!.Render(conversation, new() { AddGenerationPrompt = true });
        });
    }

    static Row Allowed(string what, double seconds, Action action) =>
        About with { What = what, Seconds = rounds.Median(action), Peer = "what is allowed", PeerSeconds = seconds, Aim = 1 };

    // A file of many layers whose numbers nobody wrote.
    static Row Large()
    {
        string folder = Directory.CreateTempSubdirectory("lowrank-bench-gguf-").FullName;
        try
        {
            string path = Path.Combine(folder, "large.gguf");
            const int Layers = 224, Width = 4096;
            const long rows = LargeBytes / Layers / sizeof(ushort) / Width + 1;
            var infos = Enumerable.Range(0, Layers).Select(i => new TensorInfo(Name(i), TensorDtype.BF16, [rows, Width]));
            using (var numbers = zeros([rows, Width], ScalarType.BFloat16, CPU))
            using (var stream = new HoleStream(path))
                Gguf.Write(stream, [new("general.architecture", "llama")], infos.Select(info => new TensorSource(info, numbers.alias)));
            return Allowed($"open a file of {new FileInfo(path).Length >> 30} GB", Aims.OpeningLarge, () => Gguf.Open(path).Dispose());
        }
        finally
        {
            Directory.Delete(folder, true);
        }

        static string Name(int i) => string.Create(CultureInfo.InvariantCulture, $"blk.{i / 7}.part{i % 7}.weight");
    }
}
