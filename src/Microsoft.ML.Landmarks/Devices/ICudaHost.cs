using System.Runtime.InteropServices;

namespace Microsoft.ML.Landmarks.Devices;

/// <summary>The libraries of CUDA on this machine, as the loader finds them.</summary>
internal interface ICudaHost
{
    /// <summary>Loads cuDNN 9.</summary>
    /// <returns>The version of CUDA that it is built for, 12080 for 12.8; null where there is no cuDNN 9.</returns>
    int? LoadCuDnn();

    /// <summary>Loads libtorch for CUDA, and what TorchSharp calls it by.</summary>
    /// <exception cref="DllNotFoundException">One is missing, or can't be loaded; the message is the loader's.</exception>
    void LoadTorch();

    /// <summary>Starts CUDA in torch.</summary>
    /// <returns>The number of GPUs; 0 where there is none, or no driver.</returns>
    int StartTorch();

    /// <summary>Has torch do on a GPU what a search does, with next to no rows.</summary>
    /// <exception cref="ExternalException">The GPU can't; the message is torch's.</exception>
    void TryTorch(int gpu);

    /// <summary>Whether torch may round the factors of products to 11 bits. It is a setting of the process.</summary>
    bool AllowsTf32 { get; }
}
