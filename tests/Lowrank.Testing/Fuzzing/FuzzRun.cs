using System.Diagnostics;
using System.Globalization;

namespace Lowrank.Testing.Fuzzing;

/// <summary>Spoils files by seeded chance and has them read: each is read or refused with a <see cref="LowrankException"/> that names it, within a second, in
/// memory of twice its size and 64 MB, and nothing is written anywhere.</summary>
/// <remarks>
/// <c>LOWRANK_FUZZ=SEED,COUNT[,FIRST]</c> in the environment runs other or more files: <c>LOWRANK_FUZZ=7,100000</c>. A failure tells the seed and the number of
/// its file, so that <c>LOWRANK_FUZZ=7,1,4711</c> runs that one alone. If the process dies, the folder of that name, SEED-NUMBER, stays in the temporary files.
/// </remarks>
/// <param name="seeds">The files.</param>
/// <param name="read">Reads a file, values too; gives the most bytes that it asked of libtorch at once.</param>
public sealed class FuzzRun(IReadOnlyList<FuzzSeed> seeds, Func<string, long> read)
{
    const long AllowedBytes = 64 << 20;
    const int StackBytes = 512 << 10;   // what macOS gives a thread
    const int EnoughFaults = 10, LongestRefusal = 6001;
    const string Variable = "LOWRANK_FUZZ";

    static readonly TimeSpan allowedTime = TimeSpan.FromSeconds(1), hangs = TimeSpan.FromSeconds(20);

    readonly string root = Directory.CreateTempSubdirectory("lowrank-fuzz-").FullName;
    readonly List<string> faults = [];
    string current = "";
    long started, taken;

    /// <summary>How many files were read.</summary>
    public int Opened { get; private set; }

    /// <summary>How many files were refused.</summary>
    public int Refused { get; private set; }

    /// <summary>Spoils that many files, of the seed that is this number too where the environment names none.</summary>
    public void Run(int count, int seed = 11)
    {
        int first = 0;
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
        {
            int[] numbers = [.. given.Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
            (seed, count, first) = (numbers[0], numbers[1], numbers.Length > 2 ? numbers[2] : 0);
        }
        foreach (var proper in seeds) Attempt(Write("proper", proper, proper.Bytes), proper, proper.Bytes);   // what is compiled on the way, is now
        (Opened, Refused) = (0, 0);
        faults.Clear();

        // A thread of its own, for one that hangs cannot be ended; and with a stack as small as they come.
        var thread = new Thread(() =>
        {
            for (int number = first; number < first + count && faults.Count < EnoughFaults; number++) Spoil(seed, number);
        }, StackBytes) { IsBackground = true };
        started = Stopwatch.GetTimestamp();
        thread.Start();
        while (!thread.Join(1000))
            if (Stopwatch.GetElapsedTime(Volatile.Read(ref started)) > hangs) Xunit.Assert.Fail($"{current}: still not read after {hangs.TotalSeconds} s");
        bool empty = !Directory.EnumerateFileSystemEntries(root).Any();
        Directory.Delete(root, recursive: true);
        Xunit.Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
        Xunit.Assert.True(empty, $"something was written beside the files, into {root}");
        Xunit.Assert.False(Path.Exists(Hostile.Absolute), $"{Hostile.Absolute} was written");
    }

    void Spoil(int seed, int number)
    {
        var random = new Random(unchecked(seed * 1_000_003 + number));
        var proper = seeds[random.Next(seeds.Count)];
        current = $"{Variable}={seed},1,{number}: {proper.Name}";
        var (bytes, what) = proper.Spoil(random);
        current += $", {what}";
        if (Attempt(Write($"{seed}-{number}", proper, bytes), proper, bytes) is { } fault) faults.Add($"{current}: {fault}");
    }

    // Gives the folder.
    string Write(string folder, FuzzSeed proper, byte[] bytes)
    {
        foreach (var (name, content) in proper.Beside.Append((proper.FileName, bytes)))
        {
            string path = Path.Combine(root, folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, content);
        }
        return Path.Combine(root, folder);
    }

    // What is wrong with how the file was taken; null for nothing.
    string? Attempt(string folder, FuzzSeed proper, byte[] bytes)
    {
        string? fault = Measured(Path.Combine(folder, proper.FileName), folder, 2L * (bytes.Length + proper.Beside.Sum(file => file.Bytes.Length)) + AllowedBytes);
        var left = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal);
        if (!left.SequenceEqual([.. proper.Beside.Select(file => file.Name).Append(proper.FileName).Order(StringComparer.Ordinal)])) fault ??= $"there are now {string.Join(", ", left)}";
        if (Directory.EnumerateFileSystemEntries(root).Take(2).Count() > 1) fault ??= $"there is more now in {root}";
        Directory.Delete(folder, recursive: true);
        return fault;
    }

    // Another process may have had the core, and another thread of this one the memory: what takes too much has more attempts.
    string? Measured(string path, string folder, long allowed)
    {
        for (int attempt = 1; ; attempt++)
        {
            if (Read(path, folder) is { } fault) return fault;
            var time = Stopwatch.GetElapsedTime(started);
            if (time <= allowedTime && taken <= allowed) return null;
            if (attempt == 3) return $"it took {time.TotalSeconds:0.00} s and {taken} bytes, of which {allowed} are allowed";
        }
    }

    string? Read(string path, string folder)
    {
        Volatile.Write(ref started, Stopwatch.GetTimestamp());
        long live = LeakGuard.Live, held = PeakMemory.Begin(), before = GC.GetAllocatedBytesForCurrentThread();
        string? fault = null;
        long torch = 0;
        try
        {
            torch = read(path);
            Opened++;
        }
        catch (LowrankException error)
        {
            Refused++;
            if (!error.Message.Contains(folder, StringComparison.Ordinal)) fault = $"the refusal does not name the file: {error.Message}";
            else if (error.Message.Any(c => char.IsControl(c)) || error.Message.Length > LongestRefusal) fault = $"the refusal is not a sentence for people: {error.Message}";
        }
        catch (Exception error)
        {
            fault = error.ToString();
        }
        taken = GC.GetAllocatedBytesForCurrentThread() - before + torch;
        taken = Math.Max(taken, PeakMemory.Bytes - held);
        if (LeakGuard.Live > live) fault ??= $"{LeakGuard.Live - live} tensors were left";
        return fault;
    }
}
