using System.Text.Json;
using Lowrank.Language;

namespace Lowrank.Workbench.Tests;

public class WritingTests
{
    static readonly string[] capital = ["The capital of France is"];

    [Fact]
    public void TheBaseWritesWhatItKnowsByHeart() => LeakGuard.NoTensorLeaks(() =>
    {
        foreach (bool chat in (bool[])[false, true])
        {
            List<JsonElement> cases = [.. WritingCases.Greedy.Where(one => one.GetProperty("chat").GetBoolean() == chat)];
            var (report, _) = WritingCases.Write([.. cases.Select(one => one.Text("prompt"))], chat: chat);
            foreach (var (want, got) in cases.Zip(report.Texts))
            {
                Assert.Equal(want.Text(), got.Text);
                Assert.Equal(want.Ids(), got.Ids);
                Assert.Equal(want.Ids("prompt_ids").Length, got.PromptTokens);
            }
        }
    });

    [Fact]
    public void ATextEndsBeforeItsStopStringAndOneThatIsNeverMetIsTold()
    {
        foreach (var one in WritingCases.Numbers("stop-strings").GetProperty("stops").EnumerateArray())
        {
            var (report, told) = WritingCases.Write([one.Text("prompt")], new() { Stops = [one.Text("stop")] });
            Assert.Equal(one.Text(), report.Texts[0].Text);
            Assert.Equal(one.Text(), string.Concat(told.OfType<WrittenPiece>().Select(piece => piece.Text)));
            bool isMet = report.Texts[0].Stop is not null;
            Assert.Equal(!isMet, told.OfType<JobNote>().Any(note => note.Text.Contains("was never met", StringComparison.Ordinal)));
        }
    }

    [Theory, InlineData(1e12), InlineData(-1), InlineData(double.PositiveInfinity)]
    public void ATimeThatNoClockHasIsRefused(double seconds) => Assert.Contains(
        "`max time` is", Assert.Throws<RequestException>(() => { WritingCases.Write([capital[0]], new() { MaxTime = seconds }); }).Message);

    static List<string> Notes(WritingChoices choices) =>
        [.. WritingCases.Write([capital[0]], choices with { MaxTokens = 2 }).Told.OfType<JobNote>().Select(note => note.Text)];

    [Fact]
    public void WhatASamplerLeavesOutIsTold()
    {
        Assert.Contains(Notes(new() { LlamaCpp = true, Mirostat = 2, TopK = 3 }), note => note.StartsWith("`top k` is not used: `mirostat`"));
        Assert.DoesNotContain(Notes(new() { LlamaCpp = true, TopK = 3, Seed = 1 }), note => note.Contains("is not used"));
        var greedy = Notes(new() { LlamaCpp = true, Mirostat = 2, Temperature = 0, Seed = 1 });
        foreach (string name in new[] { "mirostat", "seed" })
            Assert.Contains(greedy, note => note.StartsWith($"`{name}` is not used: the likeliest"));
        Assert.Contains("`xtc threshold` is not used without `xtc probability`.", Notes(new() { LlamaCpp = true, XtcThreshold = 0.2 }));
        Assert.Contains(Notes(new() { IgnoreEnd = true, MinTokens = 1 }), note => note.StartsWith("`min tokens` is not used"));
    }

    [Fact]
    public void WhatASamplerCannotHaveIsRefused()
    {
        foreach (var (choices, name) in new[]
        {
            (new WritingChoices { LlamaCpp = true, Mirostat = 3 }, "mirostat"), (new() { LlamaCpp = true, XtcProbability = 5 }, "xtc probability"),
            (new() { LlamaCpp = true, DryMultiplier = -3 }, "dry multiplier"),
        })
            Assert.Contains($"`{name}` is", Assert.Throws<RequestException>(() => { WritingCases.Write([capital[0]], choices); }).Message);
    }

    [Fact]
    public void WhatWasNotBegunWhenItWasStoppedIsToldAsStopped()
    {
        var whole = WritingCases.Write([capital[0]]).Report;
        Assert.False(whole.IsStopped);
        Assert.True((whole with { Asked = 2 }).IsStopped);
    }

    [Fact]
    public void ABeginTokenThatAPromptBringsStandsOnceAndIsTold()
    {
        var (report, told) = WritingCases.Write(["<|begin_of_text|>" + capital[0], capital[0]]);
        Assert.Equal(report.Texts[1].PromptTokens, report.Texts[0].PromptTokens);
        Assert.Equal(report.Texts[1].Text, report.Texts[0].Text);
        Assert.Contains(told.OfType<JobNote>(), note => note.Text == "1 of 2 prompts brings the begin token along; it stands once.");
    }

    [Fact]
    public void ACharacterThatALimitCutsIsLeftOut()
    {
        var numbers = WritingCases.Numbers("emoji");
        foreach (var one in numbers.GetProperty("with_token_limit").EnumerateArray())
        {
            var choices = new WritingChoices { MaxTokens = one.GetProperty("tokens").GetInt32() };
            var (report, told) = WritingCases.Write([numbers.GetProperty("write").Text("prompt")], choices);
            Assert.Equal(one.Text(), report.Texts[0].Text);
            Assert.DoesNotContain(told.OfType<WrittenPiece>(), piece => piece.Text.Contains('\uFFFD'));
        }
    }

    [Fact]
    public void APenaltyOfRepetitionIsOverPromptAndText()
    {
        var numbers = WritingCases.Numbers("repetition-penalty");
        foreach (var one in numbers.GetProperty("by_penalty").EnumerateObject())
        {
            var choices = new WritingChoices { RepetitionPenalty = double.Parse(one.Name, System.Globalization.CultureInfo.InvariantCulture) };
            Assert.Equal(one.Value.Ids(), WritingCases.Write([numbers.Text("prompt")], choices).Report.Texts[0].Ids);
        }
    }

    [Fact]
    public void PromptsOfAnyLengthsAreWrittenAsEachAlone()
    {
        List<JsonElement> cases = [.. WritingCases.Numbers("unequal-prompts").GetProperty("write").EnumerateArray()];
        var model = new WritingModelChoice(WritingCases.Base) { Device = "cpu" };
        var request = new WritingRequest(model, []) { PromptsFile = WritingCases.Of("unequal-prompts/prompts.txt") };
        var report = new WritingJob().Run(request, cancel: TestContext.Current.CancellationToken);
        Assert.Equal(cases.Select(one => one.Text()), report.Texts.Select(text => text.Text));
    }

    [Fact]
    public void AnAdapterWritesByItself()
    {
        var numbers = WritingCases.Numbers("several-adapters").GetProperty("write");
        Assert.Equal(numbers.GetProperty("nice").Text(), Written("several-adapters/set/nice"));
        Assert.Equal(numbers.GetProperty("lyon").Text(), Written("adapters/lyon"));

        static string Written(string adapter) => WritingCases.Write(capital, adapters: [adapter]).Report.Texts[0].Text;
    }

    [Fact]
    public void WhatDoesNothingIsTold()
    {
        var (_, told) = WritingCases.Write(capital, new() { TopK = 5, Seed = 3 });
        Assert.Contains(told.OfType<JobNote>(), note => note.Text.StartsWith("`top k` is not used", StringComparison.Ordinal));
        Assert.Contains(told.OfType<JobNote>(), note => note.Text.StartsWith("`seed` is not used", StringComparison.Ordinal));
    }

    [Fact]
    public void FaultsOfARequestAreToldTogether()
    {
        var request = new WritingRequest(new("nowhere"), [])
        {
            System = "Be brief.", Choices = new() { Temperature = -1, MaxTokens = 0, DryMultiplier = 1 },
        };
        var fault = Assert.Throws<RequestException>(() => new WritingJob().Run(request, cancel: TestContext.Current.CancellationToken));
        Assert.Equal(5, fault.Faults.Count);
    }

    [Fact]
    public void AnAdapterOfAPictureModelIsRefusedByName()
    {
        using var folder = new TemporaryFolder();
        string file = folder["style.safetensors"];
        using (var tensor = ones([2, 4], device: CPU))
            Safetensors.Save(file, new Dictionary<string, torch.Tensor> { ["lora_unet_down_blocks_0_attentions_0_proj_in.lora_down.weight"] = tensor });
        var fault = Assert.ThrowsAny<LowrankException>(() => WritingCases.Write(capital, adapters: [file]));
        Assert.Contains(file, fault.Message);
    }

    [Fact]
    public void AModelThatDrawsIsRefused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["model_index.json"], "{}");
        var request = new WritingRequest(new(folder.Path), capital);
        var fault = Assert.Throws<LowrankException>(() => new WritingJob().Run(request, cancel: TestContext.Current.CancellationToken));
        Assert.Contains("draws pictures", fault.Message);
    }

    [Fact]
    public void ATokenizerThatIsGivenKeepsTheModelsTemplateAndFurtherTemplatesAreTold()
    {
        using var folder = new TemporaryFolder();
        foreach (string file in Directory.GetFiles(WritingCases.Base, "tokenizer*.json")) File.Copy(file, folder[Path.GetFileName(file)]);
        var config = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(folder["tokenizer_config.json"]))!.AsObject();
        config.Remove("chat_template");
        File.WriteAllText(folder["tokenizer_config.json"], config.ToJsonString());
        var own = WritingCases.Write(["What is the capital of France?"], chat: true).Report.Texts[0];
        var told = new List<JobEvent>();
        var request = new WritingRequest(new(WritingCases.Base) { Tokenizer = folder.Path, Device = "cpu" }, ["What is the capital of France?"]) { Chat = true };
        Assert.Equal(own.Text, new WritingJob().Run(request, new Reported<JobEvent>(told.Add), TestContext.Current.CancellationToken).Texts[0].Text);
        Assert.Contains(told.OfType<JobNote>(), note => note.Text.StartsWith("The chat template is that of", StringComparison.Ordinal));
        Directory.CreateDirectory(folder["additional_chat_templates"]);
        File.WriteAllText(folder["chat_template.jinja"], "{{ bos_token }}{{ bos_token }}{{ messages[-1]['content'] }}");
        File.WriteAllText(Path.Combine(folder["additional_chat_templates"], "rag.jinja"), "x");
        told.Clear();
        new WritingJob().Run(request with { Choices = new() { MaxTokens = 1 } }, new Reported<JobEvent>(told.Add), TestContext.Current.CancellationToken);
        Assert.Contains(told.OfType<JobNote>(), note => note.Text.StartsWith("Of the chat templates default is used, and not rag", StringComparison.Ordinal));
        Assert.Contains(told.OfType<JobNote>(), note => note.Text.Contains("begin token <|begin_of_text|> twice", StringComparison.Ordinal));
        File.WriteAllBytes(folder["chat_template.jinja"], [.. "ab"u8, 0xff]);
        Assert.Contains("byte 2 begins no character", Assert.Throws<LowrankException>(() => new WritingJob().Run(request, cancel: TestContext.Current.CancellationToken)).Message);
    }

    static List<string> Told(WritingRequest request)
    {
        var told = new List<JobEvent>();
        new WritingJob().Run(request, new Reported<JobEvent>(told.Add), TestContext.Current.CancellationToken);
        return [.. told.OfType<JobNote>().Select(note => note.Text)];
    }

    [Fact]
    public void AnAdaptersTemplateGivesWayToThatOfATokenizerThatIsGivenAndIsToldToWhoWritesMessages()
    {
        using var folder = new TemporaryFolder();
        foreach (string file in Directory.GetFiles(WritingCases.Of("adapters/lyon"))) File.Copy(file, folder[Path.GetFileName(file)]);
        File.WriteAllText(folder["chat_template.jinja"], "{{ messages[-1]['content'] }}");
        var model = new WritingModelChoice(WritingCases.Base) { Adapters = [new(folder.Path)], Device = "cpu" };
        var request = new WritingRequest(model, capital) { Chat = true, Choices = new() { MaxTokens = 1 } };
        Assert.Contains($"The chat template of {folder.Path} is used, as it comes with the adapter.", Told(request));
        Assert.DoesNotContain(Told(request with { Chat = false }), note => note.Contains("chat template", StringComparison.Ordinal));
        string typed = $"The chat template of {folder.Path} is not used: that of {WritingCases.Base} is, which was given.";
        Assert.Contains(typed, Told(request with { Model = model with { Tokenizer = WritingCases.Base } }));
    }

    [Fact]
    public void OfAGgufFilesTokenizerThatIsReplacedTheTemplatesAloneAreRead()
    {
        using var folder = new TemporaryFolder();
        Gguf.Save(folder["odd.gguf"],
        [
            new("general.architecture", "llama"), new("tokenizer.ggml.model", "a kind that nobody knows"), new("tokenizer.chat_template", "a template"),
        ], []);
        Assert.Equal("a template", Assert.Single(Tokenizers.TemplatesIn(folder["odd.gguf"])).Value);
        Assert.Throws<LowrankException>(() => Tokenizers.Load(folder["odd.gguf"]));
    }

    [Fact]
    public void WhatIsForAdaptersIsToldWhereThereAreNone() => Assert.Contains(
        "`allow unmatched` is not used: it is for keys of adapters, and none is given.",
        Told(new(new(WritingCases.Base) { AllowUnmatched = true, Device = "cpu" }, capital) { Choices = new() { MaxTokens = 1 } }));

    [Fact]
    public void APromptThatIsTooLongIsToldByItsPlace()
    {
        var request = new WritingRequest(new(WritingCases.Base) { Device = "cpu" }, ["Hello", string.Concat(Enumerable.Repeat("again ", 900))]);
        Assert.StartsWith("prompt 2 of 2: the prompt has", Assert.Throws<LowrankException>(() => new WritingJob().Run(request, cancel: TestContext.Current.CancellationToken)).Message);
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["prompts.txt"], $"Hello\n\n{request.Prompts[1]}\n");
        var ofFile = request with { Prompts = capital, PromptsFile = folder["prompts.txt"] };
        Assert.StartsWith($"prompt 3 of 3 (line 3 of {folder["prompts.txt"]}): the prompt has", Assert.Throws<LowrankException>(() => new WritingJob().Run(ofFile, cancel: TestContext.Current.CancellationToken)).Message);
    }

    [Fact]
    public void AnAdapterThatComesIntoAConversationLeavesItsTokenizer()
    {
        using var folder = new TemporaryFolder();
        string[] files = [.. Directory.GetFiles(WritingCases.Of("adapters/lyon")), Path.Combine(WritingCases.Base, "tokenizer.json")];
        foreach (string file in files) File.Copy(file, folder[Path.GetFileName(file)]);
        var told = new List<JobEvent>();
        using var session = ChatSession.Open(new(new(WritingCases.Base) { Device = "cpu" }), new Reported<JobEvent>(told.Add));
        session.TakeAdapter(folder.Path);
        Assert.Contains(told.OfType<JobNote>(), note => note.Text.StartsWith($"The tokenizer of {folder.Path} is not used", StringComparison.Ordinal));
        Assert.Contains("ends in none", Assert.Throws<LowrankException>(() => session.SetStrength("much")).Message);
        Assert.Contains("has strength 0.5", session.SetStrength("0.5"));
    }
}
