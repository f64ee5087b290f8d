using System.Diagnostics;
using System.Text.Json;

namespace Lowrank.Formats.Tests;

public class LargeFileTests
{
    const int Tensors = 2500;
    const long Bytes = 7L << 30;

    static void Make(string path)
    {
        long each = Bytes / Tensors / 2 * 2;
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(Enumerable.Range(0, Tensors).ToDictionary(
            i => $"model.diffusion_model.input_blocks.{i}.1.transformer_blocks.0.attn1.to_q.weight",
            i => new { dtype = "F16", shape = new[] { each / 2 }, data_offsets = new[] { i * each, (i + 1) * each } }));
        SparseFile.Create(path, [.. BitConverter.GetBytes((long)json.Length), .. json], 8 + json.Length + Tensors * each);
    }

    [Fact]
    public void OpeningSevenGigabytesTakesUnderATenthOfASecondAndNoMemoryButTheHeaders()
    {
        using var folder = new TemporaryFolder();
        Make(folder.File("large.safetensors"));
        Containers.Open(folder.File("large.safetensors")).Dispose();   // compiles what is measured

        // The best of a few: another process may take the core meanwhile.
        var best = TimeSpan.MaxValue;
        long allocated = 0;
        for (int i = 0; i < 5; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread(), start = Stopwatch.GetTimestamp();
            using var file = Containers.Open(folder.File("large.safetensors"));
            var took = Stopwatch.GetElapsedTime(start);
            Assert.Equal(Tensors, file.Tensors.Count);
            if (took < best) best = took;
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Assert.True(best < TimeSpan.FromMilliseconds(100), $"{best.TotalMilliseconds:0.0} ms");
        // The names as UTF-8 and as strings, and an entry for each.
        Assert.True(allocated < 8 << 20, $"{allocated} bytes");
    }
}
