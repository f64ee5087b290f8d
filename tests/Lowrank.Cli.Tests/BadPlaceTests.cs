using System.Diagnostics;

namespace Lowrank.Cli.Tests;

/// <summary>Outputs and inputs that cannot be: one clear sentence, exit code 1, and nothing written.</summary>
public sealed class BadPlaceTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public BadPlaceTests()
    {
        MadeFiles.Adapter(folder["a.safetensors"], MadeFiles.Emoji);
        File.WriteAllBytes(folder["empty.safetensors"], []);
        File.WriteAllText(folder["there.safetensors"], "mine");
        Tiny.Safetensors(folder["bare.safetensors"]);
        Directory.CreateDirectory(folder["dir.safetensors"]);
        Directory.CreateDirectory(folder["full"]);
        File.WriteAllText(folder[Path.Combine("full", "mine")], "mine");
    }

    public void Dispose() => folder.Dispose();

    /// <summary>Each command with % for its output.</summary>
    static readonly string[][] commands =
    [
        ["convert", "a.safetensors", "%", "--to", "kohya", "-m", MadeFiles.Emoji],
        ["resize", "a.safetensors", "%", "--rank", "2", "-m", MadeFiles.Emoji],
        ["merge", "-a", "a.safetensors", "-o", "%", "-m", MadeFiles.Emoji, "--method", "cat"],
        ["extract", "-m", MadeFiles.Emoji, "-t", MadeFiles.Emoji, "--rank", "2", "-o", "%"],
        ["convert", MadeFiles.Emoji, "%"],
    ];

    public static IEnumerable<TheoryDataRow<int, string, string>> Outputs()
    {
        for (int command = 0; command < commands.Length; command++)
            foreach (var (output, said) in new[] { ("there.safetensors", "exists already"), ("dir.safetensors", "is a folder"), ("there.safetensors/x.safetensors", "is a file, not a folder") })
                yield return new(command, output, said);
    }

    [Theory, MemberData(nameof(Outputs))]
    public void AnOutputThatCannotBeIsSaidBeforeAnyWork(int command, string output, string said)
    {
        var before = Directory.GetFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories);
        var result = Cli.RunIn(folder.Path, [.. commands[command].Select(word => word.Replace("%", output, StringComparison.Ordinal))]).Ended(1);
        Assert.Contains(said, result.Error);
        Assert.Contains(output, result.Error);
        Assert.Single(result.Error.TrimEnd().Split('\n'));
        Assert.Equal("mine", File.ReadAllText(folder["there.safetensors"]));
        Assert.Equal(before.Order(), Directory.GetFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories).Order());
    }

    [Fact]
    public void OverwritingIsDoneWhenAskedFor()
    {
        Cli.RunIn(folder.Path, "resize", "a.safetensors", "there.safetensors", "--rank", "2", "-m", MadeFiles.Emoji, "--overwrite").Ended(0);
        Cli.RunIn(folder.Path, "inspect", "there.safetensors").Ended(0);
        Cli.RunIn(folder.Path, "convert", "a.safetensors", "peft", "--to", "peft", "-m", MadeFiles.Emoji).Ended(0);
        Assert.Contains("not empty", Cli.RunIn(folder.Path, "convert", "a.safetensors", "peft", "--to", "peft", "-m", MadeFiles.Emoji).Ended(1).Error);
        Cli.RunIn(folder.Path, "convert", "a.safetensors", "peft", "--to", "peft", "-m", MadeFiles.Emoji, "--overwrite").Ended(0);
    }

    [Theory]
    [InlineData("resize", "a.safetensors", "a.safetensors", "--rank", "2", "--overwrite")]
    [InlineData("resize", "a.safetensors", "link.safetensors", "--rank", "2", "--overwrite")]
    [InlineData("convert", "a.safetensors", "./full/../a.safetensors", "--to", "kohya", "--overwrite")]
    [InlineData("merge", "-a", "a.safetensors", "-o", "a.safetensors", "--method", "cat", "--overwrite")]
    public void TheOutputIsNoInput(params string[] args)
    {
        File.CreateSymbolicLink(folder["link.safetensors"], folder["a.safetensors"]);
        var before = File.ReadAllBytes(folder["a.safetensors"]);
        Assert.Contains("an input too", Cli.RunIn(folder.Path, [.. args, "-m", MadeFiles.Emoji]).Ended(1).Error);
        Assert.Equal(before, File.ReadAllBytes(folder["a.safetensors"]));
    }

    [Fact]
    public void AModelIsNotWrittenIntoAFolderThatHoldsSomethingNorIntoItself()
    {
        Assert.Contains("not empty", Cli.RunIn(folder.Path, "merge", "-m", MadeFiles.Emoji, "-a", "a.safetensors", "-o", "full").Ended(1).Error);
        Assert.Contains("an input too", Cli.RunIn(folder.Path, "merge", "-m", MadeFiles.Emoji, "-a", "a.safetensors", "-o", MadeFiles.Emoji).Ended(1).Error);
        Assert.Contains("ends as a file does", Cli.RunIn(folder.Path, "merge", "-m", MadeFiles.Emoji, "-a", "a.safetensors", "-o", "x.safetensors").Ended(1).Error);
        Cli.RunIn(folder.Path, "convert", MadeFiles.Emoji, "one.safetensors").Ended(0);
        Assert.Contains("exists already", Cli.RunIn(folder.Path, "merge", "-m", "one.safetensors", "-a", "a.safetensors", "-o", "there.safetensors").Ended(1).Error);
        Assert.Contains("an input too", Cli.RunIn(folder.Path, "merge", "-m", "one.safetensors", "-a", "a.safetensors", "-o", "one.safetensors", "--overwrite").Ended(1).Error);
        Assert.Contains(".safetensors", Cli.RunIn(folder.Path, "merge", "-m", "one.safetensors", "-a", "a.safetensors", "-o", "two.ckpt").Ended(1).Error);
    }

    [Fact]
    public void APipeIsNotReplaced()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "named pipes are found there");
        using (var made = Process.Start("mkfifo", folder["pipe.safetensors"])) made.WaitForExit();
        foreach (string[] writer in new string[][] { ["convert", "a.safetensors", "pipe.safetensors"], ["resize", "a.safetensors", "pipe.safetensors", "--rank", "2"] })
            Assert.Contains("pipe.safetensors is no file but a named pipe, which is not replaced", Cli.RunIn(folder.Path, [.. writer, "--overwrite"]).Ended(1).Error);
        Assert.Equal("a named pipe", Torch.FileKind.NotRegular(folder["pipe.safetensors"]));
    }

    [Theory]
    [InlineData("empty.safetensors", "is empty")]
    [InlineData("bare.safetensors", "bare.safetensors holds no tensors, and so no adapter")]
    [InlineData("none.safetensors", "does not exist")]
    [InlineData("full", "holds no adapter: neither adapter_config.json")]
    [InlineData("there.safetensors", "there.safetensors")]
    public void AnInputThatIsNoneIsSaid(string input, string said)
    {
        foreach (string[] command in new string[][]
        {
            ["convert", input, "out.safetensors", "--to", "kohya"], ["resize", input, "out.safetensors", "--rank", "2"], ["verify", "a.safetensors", input, "-m", MadeFiles.Emoji],
            ["merge", "-a", input, "-o", "out.safetensors"], ["merge", "-a", input, "-m", MadeFiles.Emoji, "-o", "out"],
        })
        {
            var result = Cli.RunIn(folder.Path, command).Ended(1);
            Assert.Contains(said, result.Error);
            Assert.DoesNotContain("Unexpected", result.Error);
            Assert.False(Path.Exists(folder["out.safetensors"]) || Path.Exists(folder["out"]));
        }
    }

    [Fact]
    public void AFileWithoutTensorsIsNoAdapterToInspectEither()
    {
        string said = Cli.RunIn(folder.Path, "inspect", "bare.safetensors").Ended(1).Error;
        Assert.Contains("bare.safetensors holds no tensors, and so no adapter", said);
        Assert.Contains(said.Trim(), Cli.RunIn(folder.Path, "inspect", "bare.safetensors", "a.safetensors").Ended(1).Error);
    }

    /// <summary>What reads files, with % for one.</summary>
    static readonly string[][] readers =
    [
        ["inspect", "%"], ["convert", "%", "out.safetensors", "--to", "kohya"], ["resize", "%", "out.safetensors", "--rank", "2"],
        ["verify", "a.safetensors", "%", "-m", MadeFiles.Emoji], ["merge", "-a", "%", "-m", MadeFiles.Emoji, "-o", "out"], ["merge", "-m", "%", "-a", "a.safetensors", "-o", "out"],
        ["generate", "-m", MadeFiles.Emoji, "--prompts-file", "%", "-o", "out"], ["train", "%"], ["train", "-m", MadeFiles.Emoji, "--pictures", "full", "--init-adapter", "%"],
    ];

    [Fact]
    public void APipeOrADeviceIsNotWaitedFor()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "named pipes are found there");
        using (var made = Process.Start("mkfifo", folder["pipe.safetensors"])) made.WaitForExit();
        File.CreateSymbolicLink(folder["link.safetensors"], folder["pipe.safetensors"]);
        foreach (var (input, kind) in new[] { ("pipe.safetensors", "a named pipe"), ("link.safetensors", "a named pipe"), ("/dev/zero", "a device") })
            foreach (string[] reader in input[0] == 'l' ? readers[..1] : readers)
            {
                string[] args = [.. reader.Select(word => word == "%" ? input : word)];
                Assert.Contains($"{input} is not a regular file but {kind}", Cli.RunIn(folder.Path, args).Ended(1).Error);
            }
    }

    [Theory]
    [InlineData("empty.safetensors", "is empty")]
    [InlineData("none.safetensors", "does not exist")]
    [InlineData("full", "model_index.json")]
    [InlineData("a.safetensors", "looks like an adapter")]
    public void ABaseModelThatIsNoneIsSaid(string model, string said)
    {
        foreach (string[] command in new string[][] { ["merge", "-m", model, "-a", "a.safetensors", "-o", "out"], ["extract", "-m", MadeFiles.Emoji, "-t", model, "--rank", "2", "-o", "out.safetensors"] })
        {
            var result = Cli.RunIn(folder.Path, command).Ended(1);
            Assert.Contains(said, result.Error);
            Assert.DoesNotContain("Unexpected", result.Error);
        }
    }

    [Fact]
    public void AFullDiskIsSaidAndNothingIsLeftOnIt()
    {
        Cli.RunIn(folder.Path, "convert", MadeFiles.Emoji, "one.safetensors").Ended(0);
        Directory.CreateDirectory(folder["disk"]);
        const string Mount = "mount -t tmpfs -o size=200k tmpfs disk";
        Assert.SkipUnless(OperatingSystem.IsLinux() && InNamespace(Mount).Code == 0, "this system lets nobody mount a small disk");
        string program = Path.Combine(AppContext.BaseDirectory, "lowrank.dll");
        foreach (var (command, said) in new[]
        {
            ($"convert a.safetensors disk/b.safetensors --to kohya -m '{MadeFiles.Emoji}'", "could not be written"),
            ($"convert a.safetensors disk/peft --to peft -m '{MadeFiles.Emoji}'", "could not be written"),
            ("merge -m one.safetensors -a a.safetensors -o disk/m.safetensors", "are free on its disk"),
            ($"merge -m '{MadeFiles.Emoji}' -a a.safetensors -o disk/m", "are free on its disk"),
            ($"convert '{MadeFiles.Emoji}' disk/m.safetensors", "could not be written"),
            ($"convert one.safetensors disk/m --model-config '{MadeFiles.Emoji}'", "could not be written"),
        })
        {
            var result = InNamespace($"{Mount} && {{ dotnet '{program}' {command}; echo \"code $?\"; ls -A disk; }}");
            Assert.Contains(said, result.Error);
            Assert.DoesNotContain("Unexpected", result.Error);
            Assert.Equal("code 1", result.Out.Trim());
        }
    }

    [Fact]
    public void APlaceWithoutPermissionIsSaid()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "modes are Unix's");
        Directory.CreateDirectory(folder["closed"]);
        // Modes do not bind root, as whom tests may run.
        string nobody = Environment.IsPrivilegedProcess ? "setpriv --reuid 65534 --clear-groups" : "env";
        string read = $"'{MadeFiles.Emoji}/model_index.json' '{Path.Combine(AppContext.BaseDirectory, "lowrank.dll")}'";
        Assert.SkipUnless(Run("sh", "-c", $"chmod 555 closed; chmod a+rx .; {nobody} head -c 1 {read}").Code == 0, "nobody cannot read this build");
        var result = Run("sh", "-c", $"HOME=/tmp {nobody} dotnet '{Path.Combine(AppContext.BaseDirectory, "lowrank.dll")}' convert a.safetensors closed/b.safetensors --to kohya -m '{MadeFiles.Emoji}'");
        result.Ended(1);
        Assert.Contains("closed/b.safetensors could not be written", result.Error);
        Assert.Contains("denied", result.Error);
    }

    Cli.Result InNamespace(string script) => Run("unshare", "-rm", "sh", "-c", script);

    Cli.Result Run(string program, params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(program, args) { WorkingDirectory = folder.Path, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(process.ExitCode, output, error.Result, TimeSpan.Zero);
    }
}
