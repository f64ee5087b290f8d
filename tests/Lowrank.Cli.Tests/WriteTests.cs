using System.Text.Json;

namespace Lowrank.Cli.Tests;

public class WriteTests
{
    static readonly string cases = Path.Combine(GoldenFolder.Repository, "tests", "Lowrank.Workbench.Tests", "Cases", "language");
    static readonly string model = Path.Combine(cases, "bases", "chat");

    [Fact]
    public void OnTheStandardOutputStandsTheTextAlone()
    {
        var result = Cli.Run("write", "The capital of France is", "-m", model).Ended(0);
        Assert.Equal($" Paris.{Environment.NewLine}", result.Out);
        Assert.Empty(result.Error);
        string adapter = Path.Combine(cases, "adapters", "lyon");
        Assert.StartsWith("It is Lyon", Cli.Run("write", "What is the capital of France?", "--chat", "-m", model, "-a", adapter).Ended(0).Out);
    }

    [Theory]
    [InlineData("--temperature"), InlineData("--max-time"), InlineData("--frequency-penalty"), InlineData("--length-penalty")]
    [InlineData("--top-n-sigma")]
    public void WhatIsNoNumberIsTakenForNone(string option) =>
        Assert.Contains($"{option}: 'NaN' is no number", Cli.Run("write", "Hello", "-m", model, option, "NaN").Ended(2).Error);

    [Fact]
    public void BytesAreThoseOfWholeCharacters()
    {
        var result = Cli.Run("write", "Send a smile:", "-m", model, "--max-tokens", "5").Ended(0);
        Assert.Equal($" \U0001F642{Environment.NewLine}", result.Out);
        Assert.Contains("--max-tokens", result.Error);
    }

    [Fact]
    public void TextsOfAFileComeInItsOrder()
    {
        string file = Path.Combine(cases, "unequal-prompts", "prompts.txt");
        var result = Cli.Run("write", "--prompts-file", file, "-m", model, "--batch", "2", "--json").Ended(0);
        var texts = JsonDocument.Parse(result.Out).RootElement.GetProperty("texts").EnumerateArray().ToList();
        Assert.Equal(File.ReadAllLines(file).Where(line => line.Length > 0), texts.Select(text => text.GetProperty("prompt").GetString()));
        Assert.Equal(" Paris.", texts[1].GetProperty("text").GetString());
    }

    [Fact]
    public void AnswersAreHeldToASchema()
    {
        const string schema = """{"type": "object", "properties": {"n": {"enum": [1, 2]} }, "required": ["n"], "additionalProperties": false}""";
        var result = Cli.Run("write", "x", "-m", model, "--schema", schema, "--max-tokens", "60");
        Assert.Equal(0, result.Code);
        Assert.StartsWith("{", result.Out.TrimStart());
    }

    [Fact]
    public void WhatCannotBeIsAFaultOfUsageInItsOptions()
    {
        Assert.Contains("--temperature is -1", Cli.Run("write", "x", "-m", model, "--temperature", "-1").Ended(2).Error);
        Assert.Contains("--dry-multiplier is one of llama.cpp's samplers. Add --llama.",
            Cli.Run("write", "x", "-m", model, "--dry-multiplier", "1").Ended(2).Error);
        Assert.Contains("What is to be gone on with?", Cli.Run("write", "-m", model).Ended(2).Error);
        Assert.Contains("1000 beams are more than the network has tokens", Cli.Run("write", "x", "-m", model, "--beams", "1000").Ended(1).Error);
    }

    [Fact]
    public async Task AnInterruptedTextKeepsWhatIsWritten()
    {
        if (OperatingSystem.IsWindows()) return;   // which has no such signals
        using var process = Cli.Start(Environment.CurrentDirectory, ["write", "Again:", "-m", model, "--ignore-end", "--max-tokens", "240"]);
        var first = new char[5];
        await process.StandardOutput.ReadBlockAsync(first, TestContext.Current.CancellationToken);
        if (!process.HasExited) Cli.Interrupt(process);
        string rest = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith(" and on", new string(first) + rest);
        Assert.EndsWith("\n", rest);
        Assert.True(process.ExitCode is 130 or 0, $"exit code {process.ExitCode}");   // 0 where the signal came too late
    }

    [Fact]
    public void TokensAreShownAndJoinedAgain()
    {
        var ids = Cli.Run("tokenize", "The capital of France is", "-m", model, "--ids").Ended(0).Out.Trim();
        Assert.Equal("460 284 267 409 333 308 357 456 81 276 66 68 336", ids);
        Assert.Equal("<|begin_of_text|>The capital of France is", Cli.Run("tokenize", ids, "-m", model, "--decode").Ended(0).Out.TrimEnd());
        Assert.Contains("no token has the id 999", Cli.Run("tokenize", "999", "-m", model, "--decode").Ended(1).Error);
    }

    [Fact]
    public async Task AConversationChangesItsAdaptersBetweenTurns()
    {
        string adapter = Path.Combine(cases, "adapters", "lyon");
        string[] said = ["What is the capital of France?", $"/adapter {adapter}", "/reset", "What is the capital of\\", "France?", "/nothing", "/exit", "lost"];
        using var process = Cli.Start(Environment.CurrentDirectory, ["chat", "-m", model], input: true);
        foreach (string line in said) process.StandardInput.WriteLine(line);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string all = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string[] answers = all.TrimEnd().ReplaceLineEndings("\n").Split('\n');
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, process.ExitCode);   // of a pipe in which one line could not be done
        Assert.Equal("It is Paris.", answers[0]);
        Assert.Equal(2, answers.Length);
        Assert.Contains("lyon is on the model.", await error);
        Assert.Contains("there is no /nothing: there are /adapter", await error);
    }

    [Fact]
    public async Task AnAnswerThatIsInterruptedGivesThePromptBackAndASecondInterruptEnds()
    {
        if (OperatingSystem.IsWindows()) return;   // which has no such signals
        var cancel = TestContext.Current.CancellationToken;
        using var process = Cli.Start(Environment.CurrentDirectory, ["chat", "-m", model, "--ignore-end", "--max-tokens", "230"], input: true);
        process.StandardInput.WriteLine("What is the capital of France?");
        process.StandardInput.Flush();
        var first = new char[5];
        await process.StandardOutput.ReadBlockAsync(first, cancel);
        Cli.Interrupt(process);
        var told = new System.Text.StringBuilder();
        while (await process.StandardError.ReadLineAsync(cancel) is { } line)
        {
            told.AppendLine(line);
            bool hasEnded = line.StartsWith("The answer", StringComparison.Ordinal);   // by the signal, or by itself before it came
            if (hasEnded) break;
        }
        Assert.Contains("The answer", told.ToString());
        process.StandardInput.WriteLine("/adapter");
        process.StandardInput.Flush();
        Assert.Contains("no adapters", await process.StandardError.ReadLineAsync(cancel));
        await Task.Delay(200, cancel);   // it waits for the next message by now
        Cli.Interrupt(process);
        await process.WaitForExitAsync(cancel);
        Assert.Equal(130, process.ExitCode);
        Assert.StartsWith("It is", new string(first));
    }

    static (int Code, string Out, string Error) Fed(byte[] input, params string[] args)
    {
        using var process = Cli.Start(Environment.CurrentDirectory, args, input: true);
        var error = process.StandardError.ReadToEndAsync();
        process.StandardInput.BaseStream.Write(input);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    [Fact]
    public void AnInputThatIsNoTextIsRefusedByItsByte()
    {
        byte[] bad = [.. "caf"u8, 0xe9, .. " x\n"u8];
        foreach (string command in new[] { "write", "tokenize" })
        {
            var fed = Fed(bad, command, "-", "-m", model);
            Assert.Equal((1, ""), (fed.Code, fed.Out));
            Assert.Contains("the standard input is no UTF-8 text: byte 3, in line 1,", fed.Error);
        }
        var chat = Fed([.. "ab"u8, 0xff, .. "\nWhat is the capital of France?\n"u8], "chat", "-m", model);
        Assert.Equal((1, "It is Paris."), (chat.Code, chat.Out.Trim()));
        Assert.Contains("line 1 of the standard input is no UTF-8 text: byte 2 begins no character. Give it as UTF-8.", chat.Error);
        var goesOn = Fed([.. "ab"u8, 0xff, .. "\\\n\\\nlost\nWhat is the capital of France?\n"u8], "chat", "-m", model);
        Assert.Equal((1, "It is Paris."), (goesOn.Code, goesOn.Out.Trim()));
    }

    static List<string?> Lines(byte[] input)
    {
        var lines = new InputLines(new MemoryStream(input));
        var all = new List<string?>();
        while (lines.Next() is { } line) all.Add(line);
        return all;
    }

    [Fact]
    public void TheMarkOfAnInputStandsAtItsBeginningAndHoldsForAllLines()
    {
        foreach (var encoding in new System.Text.Encoding[] { new System.Text.UnicodeEncoding(false, true), new System.Text.UnicodeEncoding(true, true), new System.Text.UTF8Encoding(true) })
            Assert.Equal(["one\u010a", "", "\u0a00two", "\ufeffthree"], Lines([.. encoding.Preamble, .. encoding.GetBytes("one\u010a\n\r\n\u0a00two\n\ufeffthree")]));
        var input = new InputLines(new MemoryStream([.. "one\n"u8, 0xff, 0xfe, .. "t\0\\\n"u8]));
        Assert.Equal("one", input.Next());
        Assert.Throws<LowrankException>(() => input.Next());
        Assert.True(input.GoesOn);
    }

    [Fact]
    public void OfTheInputTheLastLinesEndAloneIsLeftOutAndItIsReadOnce()
    {
        string ids = Fed("a\n\n"u8.ToArray(), "tokenize", "-", "-m", model, "--ids").Out.Trim();
        Assert.Equal(Cli.Run("tokenize", "a\n", "-m", model, "--ids").Ended(0).Out.Trim(), ids);
        var twice = Fed("a\n"u8.ToArray(), "tokenize", "-", "-", "-m", model);
        Assert.Equal(2, twice.Code);
        Assert.Contains("- stands there twice", twice.Error);
        Assert.Contains("without the end of its last line", Cli.Run("write", "--help").Ended(0).Out);
    }

    [Fact]
    public async Task AReaderThatGoesEndsTheTextQuietly()
    {
        if (OperatingSystem.IsWindows()) return;   // which has no such pipes
        string[] args = ["write", "Again:", "-m", model, "--ignore-end", "--max-tokens", "240"];
        using var process = Cli.Start(Environment.CurrentDirectory, args);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardOutput.ReadBlockAsync(new char[3], TestContext.Current.CancellationToken);
        process.StandardOutput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        Assert.DoesNotContain("Broken", await error);
    }

    [Fact]
    public void OptionsOfOtherProgramsAreNamedAndTextsThatLookSoStandBehindTwoHyphens()
    {
        foreach (var (typed, meant) in new[]
            { ("--max_new_tokens", "--max-tokens"), ("-hf", "--model hf:NAME"), ("--temp", "--temperature"), ("--n_predict", "--max-tokens"), ("-f", "--prompts-file") })
            Assert.Contains($"{typed} is {meant} here.", Cli.Run("write", "x", "-m", model, typed, "4").Ended(2).Error);
        Assert.Contains("Did you mean --top-p?", Cli.Run("write", "x", "-m", model, "--top_p", "0.5").Ended(2).Error);
        Assert.Contains("what stands behind -- is one (-- -x)", Cli.Run("write", "-x", "-m", model).Ended(2).Error);
        Assert.Contains("--max-tokens", Cli.Run("write", "x", "-m", model, "--max-new-tokens", "2", "--device", "cpu").Ended(0).Error);
        Assert.Contains("-p is not needed here", Cli.Run("write", "-p", "x", "-m", model).Ended(2).Error);
        Assert.Contains("--batch-size is --batch here.", Cli.Run("evaluate", "x", "-m", model, "--batch-size", "4").Ended(2).Error);
        Assert.NotEmpty(Cli.Run("tokenize", "-m", model, "--ids", "--", "--max-new-tokens").Ended(0).Out);
        Assert.Contains("\"--chat=yes\"", Cli.Run("tokenize", "-m", model, "--json", "--", "--chat=yes", "--chat=maybe").Ended(0).Out);
        Assert.Contains("--chat is on or off", Cli.Run("tokenize", "-m", model, "--chat=maybe").Ended(2).Error);
    }

    [Fact]
    public void WhatDecodingDoesNotHeedIsRefused()
    {
        Assert.Contains("--plain says how a text is cut", Cli.Run("tokenize", "64", "-m", model, "--decode", "--plain").Ended(2).Error);
        Assert.Contains("--ids prints ids alone", Cli.Run("tokenize", "64", "-m", model, "--decode", "--ids").Ended(2).Error);
        Assert.Contains("--ids prints ids alone", Cli.Run("tokenize", "a", "-m", model, "--json", "--ids").Ended(2).Error);
    }

    [Fact]
    public void AConversationTellsItsSeedAndWhatAStrengthWants()
    {
        var fed = Fed("/strength 3\nHello\n"u8.ToArray(), "chat", "-m", model, "--temperature", "0.7", "--max-tokens", "3");
        Assert.Contains("there is no adapter whose strength could be changed", fed.Error);
        string seed = fed.Error.Split("The seed is ")[1].Split('.')[0];
        var again = Fed("Hello\n"u8.ToArray(), "chat", "-m", model, "--temperature", "0.7", "--max-tokens", "3", "--seed", seed);
        Assert.Equal(fed.Out, again.Out);
        Assert.DoesNotContain("The seed is", again.Error);
    }
}
