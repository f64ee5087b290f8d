using System.Diagnostics;
using System.Text.Json;
using Lowrank.Diffusion;
using Lowrank.Training;

namespace Lowrank.Cli.Tests;

/// <summary>Training as a user calls it: what a run leaves behind, and what every wrong input says.</summary>
public class TrainTests
{
    static readonly string model = Path.Combine(GoldenFolder.Repository, "models", "emoji-sd");

    // Three pictures of 32x32 (latents 4x4), few steps, few layers; an option that is given takes the place of the usual one.
    static string[] Quick(TemporaryFolder folder, params string[] options)
    {
        var usual = new List<string>
        {
            "--pictures", folder["pictures"], "--model", model, "--output", folder["out"], "--name", "tiny",
            "--width", "32", "--height", "32", "--rank", "2", "--steps", "3", "--precision", "f32", "--threads", "1", "--tensorboard", "false",
        };
        foreach (var name in options.Where(word => word.StartsWith("--", StringComparison.Ordinal)))
            if (usual.IndexOf(name) is var at and >= 0) usual.RemoveRange(at, 2);
        return ["train", .. usual, .. options];
    }

    static TemporaryFolder WithPictures(int side = 32)
    {
        var folder = new TemporaryFolder();
        foreach (int i in Enumerable.Range(0, 3))
        {
            PictureFile.Save(folder[Path.Combine("pictures", "2_ink", $"{i}.png")], Picture.Filled(side, side, (byte)(80 * i), 128, 200));
            File.WriteAllText(folder[Path.Combine("pictures", "2_ink", $"{i}.txt")], $"shape {i}, ink style");
        }
        return folder;
    }

    [Fact]
    public void ARunLeavesTheAdapterItsRecipeAndItsLossesAndPrintsWhereTheAdapterIs()
    {
        using var folder = WithPictures();
        var result = Cli.Run(Quick(folder)).Ended(0);
        Assert.Equal(FilesOf(folder).Adapter, result.Out.Trim());
        Assert.Contains("3 pictures in", result.Error);
        Assert.Contains("3 steps: 0.5 epochs of 6 batches of 1", result.Error);
        Assert.Contains("step 1 of 3, loss", result.Error);
        Assert.DoesNotContain("not used as given", result.Error);
        var recipe = Recipes.Read(FilesOf(folder).Recipe);
        Assert.Equal((3, 2, 32, "f32"), (recipe.Optimization.Steps, recipe.Network.Rank, recipe.Pictures.Width, recipe.Computing.Precision));
        var losses = File.ReadAllLines(FilesOf(folder).Metrics);
        Assert.Equal(3, losses.Length);
        Assert.All(losses, line => Assert.True(double.IsFinite(JsonDocument.Parse(line).RootElement.GetProperty("loss").GetDouble())));
        Assert.Contains("kohya", Cli.Run("inspect", result.Out.Trim()).Ended(0).Out);
    }

    [Fact]
    public void AnotherMethodIsTrainedInspectedAndDrawnWith()
    {
        using var folder = WithPictures();
        var lokr = Cli.Run(Quick(folder, "--method", "lokr", "--method-arg", "factor=4", "--rule", "match=attn1 rank=1")).Ended(0).Out.Trim();
        Assert.Contains("lokr", Cli.Run("inspect", lokr).Ended(0).Out);
        var vera = Cli.Run(Quick(folder, "--method", "vera", "--rank", "4", "--name", "vera"));
        Assert.Contains("vera leaves", vera.Ended(0).Error);
        Assert.Contains("vera (", Cli.Run("inspect", vera.Out.Trim()).Ended(0).Out);
        Cli.Run("generate", "a cat", "--model", model, "--adapter", vera.Out.Trim(), "--steps", "1", "--width", "32", "--height", "32", "--output", folder["pictures-made"]).Ended(0);
    }

    [Fact]
    public void AnOptionComesBeforeTheRecipeAndWhatNeitherSaysKeepsItsDefault()
    {
        using var folder = WithPictures();
        File.WriteAllText(folder["recipe.yaml"], $"pictures: {folder["pictures"]}\nbase_model: {model}\noutput: {folder["out"]}\nname: tiny\nwidth: 32\nheight: 32\nrank: 4\nsteps: 1\nprecision: f32\ntensorboard: false\n");
        Cli.Run("train", folder["recipe.yaml"], "--rank", "3").Ended(0);
        var recipe = Recipes.Read(FilesOf(folder).Recipe);
        Assert.Equal((3, 1, Recipes.Empty().Optimization.LearningRate), (recipe.Network.Rank, recipe.Optimization.Steps, recipe.Optimization.LearningRate));
    }

    [Fact]
    public void AnOutputThatExistsIsRefusedWithTheWaysOut()
    {
        using var folder = WithPictures();
        Directory.CreateDirectory(folder["out"]);
        File.WriteAllText(FilesOf(folder).Adapter, "mine");
        var error = Cli.Run(Quick(folder)).Ended(1).Error;
        Assert.Contains("exists already", error);
        Assert.Contains("overwrite", error);
        Assert.Equal("mine", File.ReadAllText(FilesOf(folder).Adapter));
        Cli.Run(Quick(folder, "--overwrite")).Ended(0);
    }

    [Theory]
    [InlineData(1, "rank is 0", "--rank", "0")]
    [InlineData(1, "learning_rate is NaN", "--learning-rate", "NaN")]
    [InlineData(1, "nearest: lora", "--method", "loro")]
    [InlineData(1, "nearest: use_scalar", "--method-arg", "use_scaler=true")]
    [InlineData(1, "use_tucker is \"perhaps\"", "--method-arg", "use_tucker=perhaps")]
    [InlineData(1, "there is no preset \"ful\"", "--preset", "ful")]
    [InlineData(1, "matches no layer of the model (nearest: attn", "--rule", "match=attn3 rank=2")]
    [InlineData(1, "width is 100", "--width", "100")]
    [InlineData(1, "no picture folder", "--pictures", "nothing-here")]
    [InlineData(1, "does not exist", "--model", "nothing-here")]
    [InlineData(1, "smaller than the training size", "--width", "64", "--height", "64")]
    [InlineData(1, "nothing to resume", "--resume")]
    [InlineData(2, "--rank: rank is \"many\", which is no whole number", "--rank", "many")]
    [InlineData(2, "cosine_with_restarts", "--schedule", "spiral")]
    [InlineData(2, "Did you mean --learning-rate?", "--learning-rat", "1")]
    [InlineData(2, "--reg_data_dir is not done here", "--reg_data_dir", "x", "--flip_aug")]
    [InlineData(2, "--flip_aug is not done here", "--reg_data_dir", "x", "--flip_aug")]
    [InlineData(2, "--resolution is --width W and --height H here", "--resolution", "512,768")]
    [InlineData(1, "nothing to resume", "--resume=yes")]
    [InlineData(2, "--train_text_encoder is on or off, and \"maybe\" is neither", "--train_text_encoder=maybe")]
    [InlineData(1, "conv_dim=4, which is a field of its own here: conv_rank 4", "--network_args", "factor=8", "conv_dim=4")]
    public void WrongSettingsAreErrorsThatNameThem(int code, string message, params string[] options)
    {
        using var folder = WithPictures();
        var result = Cli.Run(Quick(folder, options)).Ended(code);
        Assert.Contains(message, result.Error);
        Assert.DoesNotContain("   at ", result.Error);
        Assert.Empty(result.Out);
        Assert.False(File.Exists(FilesOf(folder).Adapter));
    }

    [Theory]
    [InlineData("--method_args", "use_scaler=true", "nearest: use_scalar")]
    [InlineData("--method-args", "use_scaler=true", "nearest: use_scalar")]
    [InlineData("--method_arg", "use_scaler=true", "nearest: use_scalar")]
    [InlineData("--targets", "nothing_called_so", "nothing_called_so")]
    [InlineData("--learning_rate", "NaN", "learning_rate is NaN")]
    [InlineData("--unet_lr", "NaN", "unet_learning_rate is NaN")]
    public void AnOptionMayBeSpelledAsTheRecipeSpellsIt(string option, string value, string message)
    {
        using var folder = WithPictures();
        Assert.Contains(message, Cli.Run(Quick(folder, option, value)).Ended(1).Error);
    }

    [Fact]
    public void TheDtypeOfARunIsCalledByItsOwnOption()
    {
        Assert.EndsWith("(Here: --save-dtype.)", OptionAdvice.Beside("training stopped at step 3: it does not fit. Write bf16 or f32.", new TrainCommand()));
        Assert.EndsWith("(Here: --dtype.)", OptionAdvice.Beside("it does not fit. Write bf16 or f32.", new MergeCommand()));
        const string other = "Keep the dialect, or give the base model: none fits; is it for another base model?";
        Assert.EndsWith("(Here: --base-model MODEL.)", OptionAdvice.Beside(other, new MergeCommand()));
        Assert.EndsWith("(Here: --model MODEL.)", OptionAdvice.Beside(other, new GenerateCommand()));
        Assert.Equal(other, OptionAdvice.Beside(other, new InspectCommand()));
    }

    [Fact]
    public void TheHelpTellsWhichValuesAreUsual() => Assert.Contains("1e-5 to 1e-3 are usual", Cli.Run("train", "--help").Ended(0).Out.ReplaceLineEndings(" "));

    [Fact]
    public void ARecipeWithAFaultNamesFileLineAndTheNearestField()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["recipe.yaml"], "steps: 10\nlearning_rat: 1e-4\n");
        var error = Cli.RunIn(folder.Path, "train", "recipe.yaml").Ended(1).Error;
        Assert.Matches("recipe.yaml.*line 2", error);
        Assert.Contains("learning_rate", error);
        Assert.Contains("none.yaml", Cli.RunIn(folder.Path, "train", "none.yaml").Ended(1).Error);
    }

    [Fact]
    public void ABrokenPictureIsNamed()
    {
        using var folder = WithPictures();
        var broken = folder[Path.Combine("pictures", "2_ink", "1.png")];
        File.WriteAllBytes(broken, File.ReadAllBytes(broken)[..60]);
        var error = Cli.Run(Quick(folder)).Ended(1).Error;
        Assert.StartsWith(broken, error);   // and no line of a library's before it
        Assert.Contains("ends too early to be a whole picture", error);
    }

    [Fact]
    public void ACaptionWithoutPictureIsAWarning()
    {
        using var folder = WithPictures();
        File.WriteAllText(folder[Path.Combine("pictures", "2_ink", "stray.txt")], "nobody");
        Assert.Contains("stray.txt: captions without a picture", Cli.Run(Quick(folder)).Ended(0).Error);
    }

    [Fact]
    public void ALossThatIsNoNumberStopsTheRunAndNamesTheStep()
    {
        using var folder = WithPictures();
        var error = Cli.Run(Quick(folder, "--learning-rate", "1e30", "--warmup", "0", "--steps", "20")).Ended(1).Error;
        Assert.Matches(@"stopped at step \d+", error);
        Assert.Contains("learning rate", error);
    }

    [Fact]
    public void CtrlCSavesWhatWasLearntAndResumeEndsWithTheBitsOfAnUndisturbedRun()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a signal is sent");
        using var folder = WithPictures();
        string[] longer = Quick(folder, "--save-dtype", "f32", "--steps", "120");
        using (var process = Cli.Start(folder.Path, longer))
        {
            var metrics = FilesOf(folder).Metrics;
            while (!process.HasExited && !(File.Exists(metrics) && new FileInfo(metrics).Length > 0)) Thread.Sleep(20);
            Cli.Interrupt(process);
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.Equal(130, process.ExitCode);
            Assert.Matches(@"Stopped at step \d+ of 120; saved .*tiny-step\d+\.safetensors", error);
            Assert.Contains("--resume", error);
        }
        Cli.Run("train", FilesOf(folder).Recipe, "--resume").Ended(0);
        Cli.Run(Quick(folder, "--save-dtype", "f32", "--steps", "120", "--output", folder["undisturbed"])).Ended(0);
        Assert.Equal(TensorsOf(folder[Path.Combine("undisturbed", "tiny.safetensors")]), TensorsOf(FilesOf(folder).Adapter));
    }

    [Fact]
    public void AClosedTerminalSavesWhatWasLearnt()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a signal is sent");
        using var folder = WithPictures();
        using var process = Cli.Start(folder.Path, Quick(folder, "--steps", "2000"));
        var metrics = FilesOf(folder).Metrics;
        while (!process.HasExited && !(File.Exists(metrics) && new FileInfo(metrics).Length > 0)) Thread.Sleep(20);
        process.StandardError.Close();   // nobody listens any more
        Cli.HangUp(process);
        process.WaitForExit();
        Assert.Equal(130, process.ExitCode);
        Assert.True(File.Exists(FilesOf(folder).State));
        Assert.Single(Directory.GetFiles(folder["out"], "tiny-step*.safetensors"));
    }

    [Fact]
    public void TheAccountIsInTheJsonOfARun()
    {
        using var folder = WithPictures();
        var result = Cli.Run(Quick(folder, "--steps", "5", "--warmup", "100", "--text-encoder-learning-rate", "5e-5", "--json")).Ended(0);
        using var report = JsonDocument.Parse(result.Out);
        var unused = report.RootElement.GetProperty("account").EnumerateArray().Where(line => line.GetProperty("not_used").GetBoolean());
        Assert.Equal(["idle_text_encoder_learning_rate", "warmup"], unused.Select(line => line.GetProperty("name").GetString()));
        Assert.Equal(5, report.RootElement.GetProperty("losses").GetArrayLength());
        Assert.DoesNotContain("unproved_state", result.Out);   // it is gone by then
        Assert.Contains("not used as given: warmup is 100 steps and the run has 5: the learning rate reaches 4 % of what was asked", result.Error);
    }

    [Fact]
    public void EpochsAloneEndARunAfterThem()
    {
        using var folder = WithPictures();
        File.WriteAllText(folder["recipe.yaml"], $"base_model: {model}\npictures: {folder["pictures"]}\noutput: {folder["out"]}\nname: tiny\nwidth: 32\nheight: 32\nbatch_size: 3\nepochs: 1\nrank: 2\n");
        Assert.Contains("2 steps: 1 epoch of 2 batches of 3", Cli.Run("train", folder["recipe.yaml"]).Ended(0).Error);
        Assert.Equal(2, File.ReadAllLines(FilesOf(folder).Metrics).Length);
    }

    [Fact]
    public void WhatWouldNotBeUsedIsAnErrorWhereAllHasToBe()
    {
        using var folder = WithPictures();
        File.WriteAllText(folder[Path.Combine("pictures", "2_ink", "stray.txt")], "nobody");
        Assert.Contains("[captions_alone]", Cli.Run(Quick(folder, "--strict")).Ended(1).Error);
        Assert.False(Directory.Exists(folder["out"]) && Directory.EnumerateFileSystemEntries(folder["out"]).Any());
    }

    [Fact]
    public void CtrlCDuringThePreparationEndsWith130AndWritesNothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a signal is sent");
        using var folder = WithPictures(side: 512);   // its preparation takes seconds
        using var process = Cli.Start(folder.Path, Quick(folder, "--width", "512", "--height", "512"));
        Thread.Sleep(700);
        Cli.Interrupt(process);
        process.WaitForExit();
        Assert.Equal(130, process.ExitCode);
        Assert.False(File.Exists(FilesOf(folder).Adapter));
    }

    [Fact]
    public void AFullDiskIsAnErrorAndLeavesTheOldAdapterAsItWas()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "bash limits the size of files there");
        using var folder = WithPictures();
        Cli.Run(Quick(folder)).Ended(0);
        var adapter = FilesOf(folder).Adapter;
        var before = File.ReadAllBytes(adapter);
        // Writing beyond 16 kB fails, as on a full disk. (The runtime's own double mapping of code is a file too.)
        string program = Path.Combine(AppContext.BaseDirectory, "lowrank.dll");
        var start = new ProcessStartInfo("bash", ["-c", "trap '' XFSZ; ulimit -f 16; exec dotnet \"$@\"", "bash", program, .. Quick(folder, "--overwrite")]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 1, $"exit code {process.ExitCode}: {error}");
        Assert.DoesNotContain("Unexpected", error);
        Assert.Equal(before, File.ReadAllBytes(adapter));
        var files = FilesOf(folder);
        Assert.Equal(new[] { files.Account, files.Adapter, files.Metrics, files.Recipe }.Order(StringComparer.Ordinal), Directory.GetFiles(folder["out"]).Order(StringComparer.Ordinal));
    }

    static TrainingFiles FilesOf(TemporaryFolder folder) => new(new SavingSection { Output = folder["out"], Name = "tiny" });

    static Dictionary<string, byte[]> TensorsOf(string path)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var file = Formats.Containers.Open(path);
        return file.Tensors.ToDictionary(t => t.Name, t => file.Read(t.Name).bytes.ToArray());
    }
}
