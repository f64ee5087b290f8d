using Lowrank.Language;

namespace Lowrank.Bench;

/// <summary>How fast a language model reads and writes, against llama.cpp on the same file.</summary>
static class WritingSpeed
{
    const int Prompt = 32, Written = 64, LongPrompt = 512, Rows = 8;

    static readonly Rounds rounds = new(AtLeast: 5, AtMost: 9, Seconds: 60);

    public static Row About(string dtype) => new(Section.Language, "writing", "SmolLM2 135M", dtype);

    /// <summary>Rows of one file.</summary>
    /// <param name="path">A GGUF file.</param>
    /// <param name="dtype">What its weights are.</param>
    /// <param name="aim">Our time over llama.cpp's, at the most.</param>
    public static IEnumerable<Row> Measure(string path, string dtype, double aim)
    {
        using var model = LanguageModel.Load(path);
        using var peer = new LlamaCpp(path);
        var prompt = Text(model, Prompt);
        yield return Against($"write {Written} after {Prompt}", () => Write(model, Written, prompt), () => peer.Write(prompt, Written))
            with { Dtype = dtype, Aim = aim };
        var longer = Text(model, LongPrompt);
        yield return Against($"read {LongPrompt}", () => Write(model, 1, longer), () => peer.Write(longer, 1))
            with { Dtype = dtype, Aim = Aims.Reading };
        yield return Batch(model, prompt) with { Dtype = dtype };
        yield return Adapted(model, prompt) with { Dtype = dtype };
    }

    // Of eight texts each token is read from the same weights.
    static Row Batch(LanguageModel model, IReadOnlyList<int> prompt)
    {
        string one = "one after the other", all = $"write {Rows} texts at once";
        var seconds = rounds.Medians(new Dictionary<string, Action>
        {
            [one] = () => Write(model, Written, prompt),
            [all] = () => Write(model, Written, [.. Enumerable.Repeat(prompt, Rows)]),
        });
        return About("") with { What = all, Seconds = seconds[all], Peer = one, PeerSeconds = Rows * seconds[one], Aim = Aims.WritingMany };
    }

    static Row Adapted(LanguageModel model, IReadOnlyList<int> prompt)
    {
        string without = "without", with = "write with an adapter";
        using var adapters = model.Network.AddLora("q_proj,k_proj,v_proj,o_proj,gate_proj,up_proj,down_proj", rank: 16);
        using (no_grad())
            foreach (var part in adapters.Trainable) part.add_(0.01);
        var seconds = rounds.Medians(new Dictionary<string, Action>
        {
            [without] = () =>
            {
                using var disabled = adapters.Disabled();
                Write(model, Written, prompt);
            },
            [with] = () => Write(model, Written, prompt),
        });
        return About("") with
        {
            What = with,
            Seconds = seconds[with],
            Peer = without,
            PeerSeconds = seconds[without],
            Aim = Aims.WritingAdapted,
            Remark = "rank 16 on all projections",
        };
    }

    static Row Against(string what, Action ours, Action theirs)
    {
        const string Peer = "llama.cpp";
        var seconds = rounds.Medians(new Dictionary<string, Action> { [what] = ours, [Peer] = theirs });
        return About("") with { What = what, Seconds = seconds[what], Peer = Peer, PeerSeconds = seconds[Peer] };
    }

    static void Write(LanguageModel model, int tokens, params IReadOnlyList<int>[] prompts)
    {
        var options = new GenerationOptions { IgnoresEnd = true }.AtMost(tokens);
        model.GenerateAll([.. prompts.Select(prompt => new GenerationRequest(prompt, options))]);
    }

    static IReadOnlyList<int> Text(LanguageModel model, int tokens)
    {
        string text = string.Concat(Enumerable.Repeat("The capital of France is a city of light, and the river runs through it. ", tokens));
        return [.. model.Tokenizer.Encode(text).Ids.Take(tokens)];
    }
}
