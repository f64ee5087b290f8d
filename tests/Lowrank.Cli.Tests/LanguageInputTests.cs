using System.Text.Json.Nodes;
using Lowrank.Formats;
using TorchSharp;

namespace Lowrank.Cli.Tests;

/// <summary>What users of language models give in another way than was meant, or for nothing.</summary>
public class LanguageInputTests
{
    static readonly string cases = Path.Combine(GoldenFolder.Repository, "tests", "Lowrank.Workbench.Tests", "Cases", "language");
    static readonly string model = Case("bases/chat");

    static string Case(string name) => Path.Combine(cases, name);

    static string ErrorOfMeasuring(string file, params string[] options) =>
        Cli.Run(["evaluate", file, .. options, "-m", model, "--device", "cpu", "--precision", "f32"]).Ended(0).Error;

    [Fact]
    public void WhatTheChatTemplateLeavesOutIsTold()
    {
        using var folder = new TemporaryFolder();
        foreach (string file in Directory.EnumerateFiles(model)) File.Copy(file, folder[Path.GetFileName(file)]);
        string[] asked = ["the king", "--chat", "--system", "Be brief.", "-m", folder.Path];
        Assert.DoesNotContain("template", Cli.Run(["write", .. asked, "--max-tokens", "1"]).Ended(0).Error);
        File.WriteAllText(folder["chat_template.jinja"], "{{ messages[-1].content }}");
        Assert.Contains("--system is not used: the chat template", Cli.Run(["write", .. asked, "--max-tokens", "1"]).Ended(0).Error);
        File.WriteAllText(folder["chat_template.jinja"], "hello");
        string said = Cli.Run(["tokenize", .. asked]).Ended(0).Error;
        Assert.Contains("--system is not used", said);
        Assert.Contains("does not write the message", said);
    }

    [Fact]
    public void OptionsOfMeasuringThatATaskHasNoUseForAreNamed()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["pairs.jsonl"], "{\"UID\": \"number\", \"linguistics_term\": \"agreement\", \"sentence_good\": \"The cat sleeps.\", \"sentence_bad\": \"The cat sleep.\"}\n");
        string[] given = ["--write", "--max-new-tokens", "5", "--prompt", "X{input}", "--system", "foo", "--window", "8", "--stride", "4"];
        string ofPairs = ErrorOfMeasuring(folder["pairs.jsonl"], given);
        foreach (string name in given.Where(word => word.StartsWith("--", StringComparison.Ordinal)))
            Assert.Contains($"{name} is not used: the task is pairs.", ofPairs);
        Assert.DoesNotContain("--begin", ofPairs);
        Assert.Contains("read as one text", ErrorOfMeasuring(folder["pairs.jsonl"], "--whole"));

        string ofTexts = ErrorOfMeasuring(Case("perplexity/text.txt"), "--write", "--plain", "--window", "8");
        foreach (string name in new[] { "--write", "--plain" }) Assert.Contains($"{name} is not used: the task is perplexity.", ofTexts);
        Assert.DoesNotContain("--window is not used", ofTexts);

        File.WriteAllText(folder["facts.txt"], "name : Vaults | food : fish||The Vaults has fish.\n");
        string ofFacts = ErrorOfMeasuring(folder["facts.txt"], "--write", "--plain", "--max-new-tokens", "2");
        Assert.Contains("--write is not used: the task is e2e.", ofFacts);
        Assert.DoesNotContain("--plain is not used", ofFacts);

        File.WriteAllText(folder["answers.jsonl"], "{\"prompt\": \"What is it?\", \"answer\": \"Paris.\"}\n");
        Assert.Contains("--max-new-tokens is not used: no answers are written.", ErrorOfMeasuring(folder["answers.jsonl"], "--max-new-tokens", "2"));
        Assert.DoesNotContain("is not used", ErrorOfMeasuring(folder["answers.jsonl"], "--max-new-tokens", "2", "--write", "--plain"));
    }

    [Theory, InlineData("f32"), InlineData("bf16")]
    public void APrefixIsReadInTheDtypeThatTheModelComputesIn(string precision)
    {
        using var folder = new TemporaryFolder();
        using (torch.NewDisposeScope()) Safetensors.Save(folder["adapter_model.safetensors"], [KeyValuePair.Create("prompt_embeddings", torch.ones(4, 128))]);
        File.WriteAllText(folder["adapter_config.json"], "{\"peft_type\": \"PREFIX_TUNING\", \"num_virtual_tokens\": 4, \"task_type\": \"CAUSAL_LM\"}");
        Cli.Run("write", "Hi", "-m", model, "-a", folder.Path, "--max-tokens", "2", "--device", "cpu", "--precision", precision).Ended(0);
    }

    [Fact]
    public void AnAdapterExtractedFromLanguageModelsIsPeftsFolderUnlessSaidOtherwise()
    {
        using var folder = new TemporaryFolder();
        Cli.RunIn(folder.Path, "merge", "-m", model, "-a", Case("adapters/lyon"), "-o", "tuned", "--dtype", "f32").Ended(0);
        Cli.Result Extracted(params string[] to) => Cli.RunIn(folder.Path, ["extract", "-m", model, "-t", "tuned", "--rank", "2", "-o", .. to]);
        Assert.Contains("--to", Extracted("one.safetensors").Ended(1).Error);
        Extracted("one").Ended(0);
        Assert.True(File.Exists(folder["one/adapter_config.json"]));
        Extracted("one.safetensors", "--to", "kohya").Ended(0);
        Assert.Contains("of language models peft", Cli.Run("extract", "--help").Ended(0).Out);
    }

    [Fact]
    public void AnAdapterOfStrengthZeroIsNotMergedIntoACopy()
    {
        using var folder = new TemporaryFolder();
        string error = Cli.RunIn(folder.Path, "merge", "-m", model, "-a", Case("adapters/lyon") + ":0", "-o", "out").Ended(1).Error;
        Assert.Contains("adds nothing at strength 0", error);
        Assert.False(Directory.Exists(folder["out"]));
    }

    // The model's folder, with a file of its own making.
    static TemporaryFolder With(string name, Func<JsonNode, JsonNode> change)
    {
        var folder = new TemporaryFolder();
        foreach (string file in Directory.EnumerateFiles(model)) File.Copy(file, folder[Path.GetFileName(file)]);
        File.WriteAllText(folder[name], change(JsonNode.Parse(File.ReadAllText(folder[name]))!).ToJsonString());
        return folder;
    }

    static string ErrorOfWriting(TemporaryFolder folder, int code, params string[] asked) =>
        Cli.Run(["write", .. asked, "-m", folder.Path, "--device", "cpu"]).Ended(code).Error;

    [Fact]
    public void ATokenizerLargerThanTheEmbeddingIsToldAndItsOtherTokensAreRefused()
    {
        using var folder = With("tokenizer.json", json =>
        {
            json["added_tokens"]!.AsArray().Add(JsonNode.Parse("{\"id\": 514, \"content\": \"<|new|>\", \"single_word\": false, \"lstrip\": false, \"rstrip\": false, \"normalized\": false, \"special\": true}"));
            return json;
        });
        Assert.Contains("The tokenizer has 515 tokens and the network 465: the last 50 cannot be used.", ErrorOfWriting(folder, 0, "The capital of France is"));
        Assert.Contains("the prompt has the token 514 (<|new|>), and the network knows 465 tokens.", ErrorOfWriting(folder, 1, "<|new|> is"));
    }

    [Theory]
    [InlineData("normalizer"), InlineData("pre_tokenizer"), InlineData("post_processor"), InlineData("decoder"), InlineData("model")]
    public void APartOfATokenizerThatIsUnknownIsNamedWithThoseThatAreKnown(string part)
    {
        using var folder = With("tokenizer.json", json =>
        {
            json[part] = JsonNode.Parse("{\"type\": \"Frobnicator\"}");
            return json;
        });
        string error = ErrorOfWriting(folder, 1, "x");
        Assert.Contains($"tokenizer.json.{part} is a \"Frobnicator\", which is not understood; known are ", error);
        Assert.DoesNotContain("   at ", error);
    }

    [Fact]
    public async Task APromptBeyondTheContextIsToldInWritingAndInAConversation()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var folder = With("config.json", json =>
        {
            json["max_position_embeddings"] = 24;
            return json;
        });
        string tooLong = string.Join(' ', Enumerable.Repeat("The capital of France is", 4));
        Assert.Contains("tokens, and the model takes 24, prompt and text together. Shorten it.", ErrorOfWriting(folder, 1, tooLong));
        Assert.Contains("The text ended where prompt and text fill the model's 24 tokens.", ErrorOfWriting(folder, 0, "Again:", "--ignore-end"));
        using var process = Cli.Start(folder.Path, ["chat", "-m", folder.Path, "--device", "cpu"], input: true);
        foreach (string line in new[] { tooLong, "Hi", "/exit" }) process.StandardInput.WriteLine(line);
        process.StandardInput.Close();
        var answers = process.StandardOutput.ReadToEndAsync(cancel);
        string told = await process.StandardError.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        Assert.Equal(1, process.ExitCode);
        Assert.Matches("the conversation has [0-9]+ tokens, and the model takes 24. Reset it, or say less.", told);
        Assert.NotEmpty((await answers).Trim());   // what was too long is no part of the conversation
    }

    [Theory]
    [InlineData("one\n{% for a in range(90000) %}\n {% for b in range(90000) %}{% endfor %}{% endfor %}", "without an end", "line 3, column 5")]
    [InlineData("one\n{{ raise_exception('not here') }}", "the template refuses this conversation: not here", "line 2")]
    [InlineData("one\n\n{{ persona.name }}", "'persona' is undefined", "line 3")]
    public void ATemplateThatDoesNotEndOrRefusesIsToldWithItsPlace(string template, string said, string place)
    {
        using var folder = With("config.json", json => json);
        File.WriteAllText(folder["chat_template.jinja"], template);
        string error = ErrorOfWriting(folder, 1, "Hi", "--chat");
        Assert.Contains(said, error);
        Assert.Contains(place, error);
    }

    [Fact]
    public void AnAdapterOfAnotherKindOfModelIsToldByWhatItLooksLike()
    {
        string ink = Path.Combine(GoldenFolder.Repository, "models", "loras", "ink.safetensors"), pictures = MadeFiles.Emoji;
        Assert.Contains("It looks like an adapter for Stable Diffusion, and the model is Llama with 2 layers of width 64",
            Cli.Run("write", "x", "-m", model, "-a", ink).Ended(1).Error.ReplaceLineEndings(" "));
        Assert.Contains("It looks like an adapter for Llama or alike (Mistral, Qwen, Gemma) with 2 layers of width 64",
            Cli.Run("generate", "cat face", "-m", pictures, "-a", Case("adapters/lyon"), "--steps", "1").Ended(1).Error.ReplaceLineEndings(" "));
        Assert.Contains("is a model that draws pictures. Give a language model", Cli.Run("write", "x", "-m", pictures).Ended(1).Error);
        Assert.Contains("is a model of Llama, which cannot be drawn with", Cli.Run("generate", "cat", "-m", model, "--steps", "1").Ended(1).Error);
    }

    [Fact]
    public void AStopStringThatIsNeverMetAndABeginTokenThatIsBroughtAreTold()
    {
        var result = Cli.Run("write", "<|begin_of_text|>The capital of France is", "-m", model, "--stop", "zebra").Ended(0);
        Assert.Equal(" Paris.", result.Out.TrimEnd());
        Assert.Contains("The stop string \"zebra\" was never met.", result.Error);
        Assert.Contains("The prompt brings the begin token along; it stands once.", result.Error);
    }

    [Theory]
    [InlineData("some.gguf", "GGML and more", "GGUF"), InlineData("none.gguf", "", "the file ends")]
    public void AFileThatIsNoModelIsToldAsSuchAndNotAsATokenizer(string name, string content, string said)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder[name], content);
        string error = Cli.Run("write", "x", "-m", folder[name]).Ended(1).Error;
        Assert.Contains(said, error);
        Assert.DoesNotContain("SentencePiece", error);
        string weights = Cli.Run("write", "x", "-m", Path.Combine(model, "model.safetensors")).Ended(1).Error;
        Assert.Contains("a file of weights alone. Give the folder", weights.ReplaceLineEndings(" "));
    }

    [Fact]
    public void AConfigThatNamesNoKindOrIsNoJsonSaysSo()
    {
        using var nameless = With("config.json", json =>
        {
            json.AsObject().Remove("model_type");
            return json;
        });
        Assert.Contains("config.json: model_type is missing. Known are gpt2", ErrorOfWriting(nameless, 1, "x"));
        File.WriteAllText(nameless["config.json"], "{\"a\": ");
        Assert.Contains("config.json cannot be read as JSON", ErrorOfWriting(nameless, 1, "x"));
    }

    [Fact]
    public void AGgufFileInTheFolderOfAModelIsNamed()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["tiny.gguf"], "");
        Assert.Contains($"Give that file by its path: {folder["tiny.gguf"]}", Cli.Run("write", "x", "-m", folder.Path).Ended(1).Error.ReplaceLineEndings(" "));
    }

    [Fact]
    public void AFileThatIsNotThereIsToldWithWhatLiesNear()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["rows.jsonl"], "{}");
        string rows = Cli.RunIn(folder.Path, "evaluate", "row.jsonl", "-m", model).Ended(1).Error;
        Assert.Contains("nearest in its folder: rows.jsonl", rows);
        Assert.Contains("Is the path right?", rows);
        Assert.Contains("It was given by --schema.", Cli.RunIn(folder.Path, "write", "x", "-m", model, "--schema", "nope.json").Ended(1).Error);
    }

    [Fact]
    public void RulesOfWritingThatCannotBeAreToldByTheirOptions()
    {
        string ErrorOf(params string[] options) => Cli.Run(["write", "Hi", "-m", model, .. options]).Ended(2).Error;
        Assert.Contains("--top-k is -1; it must be 0 or more", ErrorOf("--top-k", "-1"));
        Assert.Contains("--top-p is 3; it must be above 0, to 1", ErrorOf("--top-p", "3"));
        Assert.Contains("--min-tokens is 30, and --max-tokens 3", ErrorOf("--min-tokens", "30", "--max-tokens", "3"));
        Assert.Contains("--stop is an empty text", ErrorOf("--stop", ""));
    }

    [Fact]
    public void AFileToReplaceWithoutAFileToWriteIsRefused() =>
        Assert.Contains("--overwrite replaces the file of --out", Cli.Run("evaluate", Case("perplexity/text.txt"), "-m", model, "--overwrite").Ended(2).Error);

    [Fact]
    public void PairsNeedNoNameOfTheirGroup()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["pairs.jsonl"], "{\"sentence_good\": \"The cat sleeps.\", \"sentence_bad\": \"The cat sleep.\"}\n");
        Assert.Contains("accuracy", Cli.Run("evaluate", folder["pairs.jsonl"], "-m", model, "--device", "cpu").Ended(0).Out);
    }

    [Theory, InlineData("/reset now", "/reset stands alone, and \"now\" stands behind it", 1), InlineData("/reset", "What was said is forgotten.", 0)]
    public void AConversationOfAScriptEndsInAFaultWhereATurnDid(string line, string told, int code)
    {
        using var process = Cli.Start(Environment.CurrentDirectory, ["chat", "-m", model, "--max-tokens", "2", "--device", "cpu"], input: true);
        process.StandardInput.WriteLine(line);
        process.StandardInput.Close();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Contains(told, error);
        Assert.Equal(code, process.ExitCode);
    }

    static void Edit(TemporaryFolder folder, string file, string old, string put)
    {
        foreach (string one in Directory.EnumerateFiles(model)) File.Copy(one, folder[Path.GetFileName(one)], overwrite: true);
        string text = File.ReadAllText(folder[file]);
        Assert.Contains(old, text);
        File.WriteAllText(folder[file], text.Replace(old, put, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("config.json", "\"eos_token_id\": 461", "\"eos_token_id\": 99999", "eos_token_id names the token 99999, and the network knows 465")]
    [InlineData("config.json", "\"hidden_act\"", "\"attn_logit_softcapping\": 30.0, \"hidden_act\"",
        "not used: attn_logit_softcapping (30.0): models of Llama compute nothing by it")]
    [InlineData("tokenizer.json", "\"id\":461,\"content\":\"<|end_of_text|>\"", "\"id\":460,\"content\":\"<|end_of_text|>\"",
        "2 added tokens of the tokenizer have the id 460 (<|begin_of_text|>, <|end_of_text|>)")]
    public void WhatAModelsFilesSayAndNobodyUsesIsTold(string file, string old, string put, string told)
    {
        using var folder = new TemporaryFolder();
        Edit(folder, file, old, put);
        Assert.Contains(told, Cli.Run("write", "Hi", "-m", folder.Path, "--max-tokens", "1").Ended(0).Error.ReplaceLineEndings(" "));
    }

    [Fact]
    public void AConfigThatIsNoJsonIsNotSaidToBeATokenizers()
    {
        using var folder = new TemporaryFolder();
        Edit(folder, "config.json", "}", "");
        string error = Cli.Run("write", "Hi", "-m", folder.Path).Ended(1).Error;
        Assert.Contains("config.json cannot be read as JSON", error.ReplaceLineEndings(" "));
    }
}
