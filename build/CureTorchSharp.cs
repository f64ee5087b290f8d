using System;
using System.IO;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>Writes a copy of TorchSharp.dll whose DebuggableAttribute forbids the JIT to optimize it.</summary>
/// <remarks>
/// Optimized code lets an argument be finalized as soon as its handle was read, while libtorch still uses the object behind it.
/// The attribute's blob (prolog aside) is `mode, 0, 0, 0`: IgnoreSymbolStoreSequencePoints (2) becomes Default | IgnoreSymbolStoreSequencePoints |
/// DisableOptimizations (0x103). Exactly one place must match, or the build fails: another TorchSharp needs another look.
/// </remarks>
public class CureTorchSharp : Task
{
    public string From { get; set; }
    public string To { get; set; }

    static readonly byte[] Wanted = { 0x08, 0x01, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00 };
    static readonly byte[] Cured = { 0x08, 0x01, 0x00, 0x03, 0x01, 0x00, 0x00, 0x00, 0x00 };

    public override bool Execute()
    {
        var bytes = File.ReadAllBytes(From);
        int place = -1, places = 0;
        for (int i = 0; i + Wanted.Length <= bytes.Length; i++)
        {
            int k = 0;
            while (k < Wanted.Length && bytes[i + k] == Wanted[k]) k++;
            if (k < Wanted.Length) continue;
            place = i;
            places++;
        }
        if (places != 1)
        {
            Log.LogError(null, "LOWRANK001", null, null, 0, 0, 0, 0, "TorchSharp.dll is not the one this build knows how to cure: its debuggable mark was found {0} times, not once, in {1}. " +
                "Without the cure the garbage collector frees tensors that libtorch still uses. Use TorchSharp 0.107.0; or, at that risk, set TorchSharpUncured=true.", places, From);
            return false;
        }
        Array.Copy(Cured, 0, bytes, place, Cured.Length);
        Directory.CreateDirectory(Path.GetDirectoryName(To));
        var aside = To + "." + Guid.NewGuid().ToString("N");
        File.WriteAllBytes(aside, bytes);
        try { File.Move(aside, To); }                    // projects race; each writes the same bytes
        catch (IOException) { File.Replace(aside, To, null); }
        return true;
    }
}
