using System.Diagnostics;

namespace Lowrank.Formats.Tests;

/// <summary>Headers are listed without loading libtorch, which takes a fifth of a second and 100 MB. A process can tell only once, so the test
/// runs itself in a fresh one.</summary>
public sealed class WithoutEngineTests
{
    const string Files = "LOWRANK_TEST_FILES_WITHOUT_ENGINE";

    [Fact]
    public void OpeningAFileDoesNotLoadTheEngine()
    {
        if (Environment.GetEnvironmentVariable(Files) is { } names)
        {
            foreach (string name in names.Split(Path.PathSeparator)) List(name);
            Assert.DoesNotContain(LoadedModules(), module => module.Contains("LibTorchSharp", StringComparison.Ordinal));
            return;
        }
        using var folder = new TemporaryFolder();
        using (var scope = NewDisposeScope()) Gguf.Save(folder.File("d"), [new("general.name", "x")], [new(new("x", BlockFormats.Q4_K.Dtype, [256]), () => zeros(256))]);
        using (var scope = NewDisposeScope()) Safetensors.Save(folder.File("a"), [new("x", rand(3)), new("y", zeros(2, ScalarType.BFloat16))]);
        Assert.Contains(LoadedModules(), module => module.Contains("LibTorchSharp", StringComparison.Ordinal));   // so that its absence means something
        var pickle = PickleWriter.Of(new object?[] { new Stored("FloatStorage", "0", 1, 0, [1], [1]), "text" });
        folder.File("b", PickleWriter.Zip(pickle, [[0, 0, 0, 0]]));
        folder.File("c", PickleWriter.Legacy(pickle, (1, [0, 0, 0, 0])));

        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in new[] { typeof(WithoutEngineTests).Assembly.Location, "-method", $"*.{nameof(OpeningAFileDoesNotLoadTheEngine)}" }) start.ArgumentList.Add(argument);
        start.Environment[Files] = string.Join(Path.PathSeparator, new[] { "a", "b", "c", "d" }.Select(folder.File));
        using var process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0 && output.Contains("Total: 1", StringComparison.Ordinal), output);
    }

    static void List(string path)
    {
        using var file = Containers.Open(path);
        Assert.NotEmpty(file.Tensors);
        foreach (var tensor in file.Tensors) Assert.True(tensor.Bytes > 0);
        Assert.Throws<LowrankException>(() => WeightFiles.Open(path, "model"));
        Assert.Throws<LowrankException>(() => Containers.Open(path + "x"));
    }

    static IEnumerable<string> LoadedModules() => Process.GetCurrentProcess().Modules.Cast<ProcessModule>().Select(module => module.FileName ?? "");
}
